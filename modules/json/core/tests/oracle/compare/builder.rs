//! Builds the values of the naive reader.
use json_core::decode::{Body, Build, Constant, Container, Number, NumberKind, Unescaped, Unit};

use super::naive::Json;

/// Builds the naive reader's values, at most so deep.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) unescaped: Vec<u32>,
    pub(crate) depth: usize,
}

pub(crate) const DEEPEST: usize = 200;

impl Unescaped for Builder {
    type Error = &'static str;

    fn run<W: Unit>(&mut self, run: &[W]) -> Result<(), &'static str> {
        assert!(!run.is_empty());
        self.unescaped.extend(run.iter().map(|&unit| -> u32 { unit.into() }));
        Ok(())
    }

    fn char(&mut self, c: u32) -> Result<(), &'static str> {
        self.unescaped.push(c);
        Ok(())
    }
}

impl Build for Builder {
    type Value = Json;
    type Key = Vec<u32>;
    type List = Vec<Json>;
    type Object = Vec<(Vec<u32>, Json)>;
    type Level = ();

    fn literal(&mut self, value: Option<bool>) -> Json {
        value.map_or(Json::Null, Json::Bool)
    }

    fn constant(&mut self, constant: Constant) -> Result<Json, &'static str> {
        Ok(Json::Word(match constant {
            Constant::NaN => "NaN".into(),
            Constant::Infinity => "Infinity".into(),
            Constant::MinusInfinity => "-Infinity".into(),
        }))
    }

    fn number<W: Unit>(&mut self, number: Number<'_, W>) -> Result<Json, &'static str> {
        let text: String = number.text.iter().map(|unit| char::from(unit.ascii())).collect();
        match number.kind {
            NumberKind::Small(value) => assert_eq!(Ok(value), text.parse(), "{text}"),
            NumberKind::Long => assert!(text.trim_start_matches('-').len() > 18, "{text}"),
            NumberKind::Float(_) => {
                if let Some(value) = number.to_f64() {
                    assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
                }
                return Ok(Json::Float(text));
            }
        }
        Ok(Json::Int(text))
    }

    fn string<W: Unit>(&mut self, body: Body<'_, W>) -> Result<Json, &'static str> {
        self.key(body).map(Json::Text)
    }

    fn key<W: Unit>(&mut self, body: Body<'_, W>) -> Result<Vec<u32>, &'static str> {
        Ok(match body {
            Body::Plain(plain) => plain.text().iter().map(|&unit| unit.into()).collect(),
            Body::Escaped => std::mem::take(&mut self.unescaped),
        })
    }

    fn enter(&mut self, _container: Container) -> Result<(), &'static str> {
        self.depth += 1;
        if self.depth > DEEPEST { Err("too deep") } else { Ok(()) }
    }

    fn list(&mut self) -> Result<Vec<Json>, &'static str> {
        Ok(Vec::new())
    }

    fn push(&mut self, list: &mut Vec<Json>, item: Json) -> Result<(), &'static str> {
        list.push(item);
        Ok(())
    }

    fn finish_list(&mut self, list: &mut Vec<Json>) -> Result<Json, &'static str> {
        self.depth -= usize::from(!list.is_empty());
        Ok(Json::List(std::mem::take(list)))
    }

    fn object(&mut self) -> Result<Self::Object, &'static str> {
        Ok(Vec::new())
    }

    fn insert(
        &mut self,
        object: &mut Self::Object,
        key: Vec<u32>,
        value: Json,
    ) -> Result<(), &'static str> {
        object.push((key, value));
        Ok(())
    }

    fn finish_object(&mut self, object: Self::Object) -> Result<Json, &'static str> {
        self.depth -= usize::from(!object.is_empty());
        Ok(Json::Object(object))
    }
}
