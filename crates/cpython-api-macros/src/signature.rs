//! Python signatures: `b2a_uu(data, /, *, backtick=False)`, read and printed as Argument Clinic prints them.
use syn::LitStr;

/// A function's name and parameters.
pub(crate) struct Signature {
    /// The name that Python knows.
    pub(crate) name: String,
    /// The parameters in order, without `/` and the bare `*`.
    pub(crate) parameters: Vec<Parameter>,
}

/// A parameter.
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: String,
    /// How it is given.
    pub(crate) kind: Kind,
    /// The text of its default.
    pub(crate) default: Option<String>,
}

/// How a parameter is given; the order is the order in a signature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// By position only (before `/`).
    PositionalOnly,
    /// By position or name.
    Positional,
    /// `*args`.
    MorePositional,
    /// By name only (after `*`).
    Keyword,
    /// `**kwargs`.
    MoreKeywords,
}

impl Signature {
    /// Reads a signature; errors point at the literal.
    pub(crate) fn parse(literal: &LitStr) -> syn::Result<Self> {
        read(&literal.value()).map_err(|reason| syn::Error::new(literal.span(), reason))
    }

    /// The text signature of `ml_doc`, with `$receiver` first, up to and with the end marker.
    ///
    /// `None` for what has no receiver in its signature (constructors, static methods).
    pub(crate) fn text(&self, receiver: Option<&str>) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut slash = receiver.is_some();
        let mut star = false;
        words.extend(receiver.map(|name| format!("${name}")));
        for parameter in &self.parameters {
            if slash && parameter.kind != Kind::PositionalOnly {
                words.push("/".into());
            }
            slash = parameter.kind == Kind::PositionalOnly;
            if parameter.kind == Kind::Keyword && !star {
                words.push("*".into());
            }
            star |= matches!(parameter.kind, Kind::MorePositional | Kind::Keyword);
            words.push(parameter.text());
        }
        if slash {
            words.push("/".into());
        }
        format!("{}({})\n--\n\n", self.name, wrapped(&words, self.name.len() + 1))
    }

    /// How many parameters are of this kind.
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.parameters.iter().filter(|p| p.kind == kind).count()
    }

    /// The place of the argument for parameter `i`: those that take what is left come last.
    pub(crate) fn place(&self, i: usize) -> usize {
        let last = |kind| matches!(kind, Kind::MorePositional | Kind::MoreKeywords);
        let before = |p: &&Parameter| last(self.parameters[i].kind) || !last(p.kind);
        let behind = |p: &&Parameter| last(self.parameters[i].kind) && !last(p.kind);
        self.parameters[..i].iter().filter(before).count()
            + self.parameters[i..].iter().filter(behind).count()
    }

    /// How many parameters of these kinds must be given.
    pub(crate) fn required(&self, kinds: &[Kind]) -> usize {
        let must = |p: &&Parameter| kinds.contains(&p.kind) && p.default.is_none();
        self.parameters.iter().filter(must).count()
    }

    /// Whether there is a parameter of this kind.
    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.count(kind) > 0
    }
}

impl Parameter {
    /// The parameter as it stands in a signature.
    fn text(&self) -> String {
        let stars = match self.kind {
            Kind::MorePositional => "*",
            Kind::MoreKeywords => "**",
            _ => "",
        };
        match &self.default {
            Some(default) => format!("{stars}{}={default}", self.name),
            None => format!("{stars}{}", self.name),
        }
    }
}

/// Joins the words with commas, breaking lines where Clinic does.
fn wrapped(words: &[String], indent: usize) -> String {
    let mut text = String::new();
    let mut column = indent;
    for (i, word) in words.iter().enumerate() {
        let comma = if i + 1 < words.len() { "," } else { "" };
        let space = if i == 0 { "" } else { " " };
        let length = space.len() + word.len() + comma.len();
        if i > 0 && column + length >= LINE {
            text += &format!("\n{:indent$}{word}{comma}", "");
            column = indent + word.len() + comma.len();
        } else {
            text += &format!("{space}{word}{comma}");
            column += length;
        }
    }
    text
}

fn read(text: &str) -> Result<Signature, String> {
    let shape = || format!("a signature looks like `name(a, /, b=0, *, c=None)`, not `{text}`");
    let (name, rest) = text.split_once('(').ok_or_else(shape)?;
    let inner = rest.strip_suffix(')').ok_or_else(shape)?;
    let name = identifier(name)?;
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut kind = Kind::Positional;
    let words = split(inner)?;
    for (i, word) in words.iter().map(|word| word.trim()).enumerate() {
        if word.is_empty() {
            return Err("a parameter is missing between two commas".into());
        } else if word == "/" {
            if kind != Kind::Positional || parameters.is_empty() {
                return Err("`/` stands once, behind the positional-only parameters".into());
            }
            if parameters.iter().any(|p| p.kind == Kind::PositionalOnly) {
                return Err("`/` stands once".into());
            }
            parameters.iter_mut().for_each(|p| p.kind = Kind::PositionalOnly);
        } else if word == "*" {
            if kind >= Kind::Keyword || i + 1 == words.len() {
                return Err("`*` stands once, before the keyword-only parameters".into());
            }
            kind = Kind::Keyword;
        } else {
            let parameter = read_parameter(word, kind)?;
            check_order(&parameters, &parameter)?;
            kind = match parameter.kind {
                Kind::MorePositional => Kind::Keyword,
                other => other,
            };
            parameters.push(parameter);
        }
    }
    if let Some(p) = parameters.iter().find(|p| {
        parameters.iter().any(|other| other.kind == Kind::MoreKeywords)
            && matches!(p.kind, Kind::Positional | Kind::Keyword)
    }) {
        return Err(format!("with `**kwargs`, `{}` must be positional-only, as in Clinic", p.name));
    }
    Ok(Signature { name, parameters })
}

fn read_parameter(word: &str, kind: Kind) -> Result<Parameter, String> {
    let (name, default) = match word.split_once('=') {
        Some((name, default)) if !default.trim().is_empty() => (name, Some(default.trim().into())),
        Some((name, _)) => return Err(format!("`{name}` has an empty default")),
        None => (word, None),
    };
    let (kind, name) = match (name.strip_prefix("**"), name.strip_prefix('*')) {
        (Some(name), _) => (Kind::MoreKeywords, name),
        (_, Some(name)) => (Kind::MorePositional, name),
        _ => (kind, name),
    };
    if default.is_some() && matches!(kind, Kind::MorePositional | Kind::MoreKeywords) {
        return Err(format!("`{name}` takes what is left, so it has no default"));
    }
    Ok(Parameter { name: identifier(name)?, kind, default })
}

/// Whether `next` may follow.
fn check_order(before: &[Parameter], next: &Parameter) -> Result<(), String> {
    if before.iter().any(|p| p.name == next.name) {
        return Err(format!("two parameters are called `{}`", next.name));
    }
    let Some(last) = before.last() else { return Ok(()) };
    let out_of_order = match next.kind {
        Kind::MorePositional => last.kind >= Kind::MorePositional,
        kind => kind < last.kind || last.kind == Kind::MoreKeywords,
    };
    if out_of_order {
        return Err(format!("`{}` stands too late", next.text()));
    }
    let same_list = (last.kind <= Kind::Positional) == (next.kind <= Kind::Positional);
    let named = !matches!(next.kind, Kind::MorePositional | Kind::MoreKeywords);
    if last.default.is_some() && next.default.is_none() && same_list && named {
        return Err(format!("`{}` needs a default, since `{}` has one", next.name, last.name));
    }
    Ok(())
}

/// Splits at the commas that are neither quoted nor in brackets.
fn split(text: &str) -> Result<Vec<&str>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut words = Vec::new();
    let (mut start, mut depth, mut quote, mut escaped) = (0, 0usize, None, false);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => {
                depth = depth.checked_sub(1).ok_or("a bracket is closed but not opened")?;
            }
            (None, ',') if depth == 0 => {
                words.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    if depth > 0 || quote.is_some() {
        return Err("a bracket or quote is not closed".into());
    }
    words.push(&text[start..]);
    Ok(words)
}

/// A name in ASCII.
fn identifier(text: &str) -> Result<String, String> {
    let text = text.trim();
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Ok(text.into())
    } else {
        Err(format!("`{text}` is not a name in ASCII"))
    }
}

/// Where Clinic breaks a line.
const LINE: usize = 72;

#[cfg(test)]
mod tests {
    use super::*;

    fn text(signature: &str) -> String {
        read(signature).unwrap().text(Some("module"))
    }

    /// Texts out of Clinic's output in CPython's own files.
    #[test]
    fn prints_what_clinic_prints() {
        assert_eq!(text("f()"), "f($module, /)\n--\n\n");
        assert_eq!(text("f(a, b=1)"), "f($module, /, a, b=1)\n--\n\n");
        assert_eq!(text("f(*args)"), "f($module, /, *args)\n--\n\n");
        assert_eq!(
            text("b2a_uu(data, /, *, backtick=False)"),
            "b2a_uu($module, data, /, *, backtick=False)\n--\n\n"
        );
        assert_eq!(
            text(
                "b2a_base64(data, /, *, padded=True, wrapcol=0, newline=True, alphabet=BASE64_ALPHABET)"
            ),
            "b2a_base64($module, data, /, *, padded=True, wrapcol=0, newline=True,\n           alphabet=BASE64_ALPHABET)\n--\n\n"
        );
    }

    #[test]
    fn counts() {
        let signature = read("f(a, b='x,)', /, c=(1, 2), *rest, d, e=<unrepresentable>)").unwrap();
        assert_eq!(signature.count(Kind::PositionalOnly), 2);
        assert_eq!(signature.required(&[Kind::PositionalOnly, Kind::Positional]), 1);
        assert_eq!(signature.required(&[Kind::Keyword]), 1);
        assert!(signature.has(Kind::MorePositional) && !signature.has(Kind::MoreKeywords));
        let places: Vec<usize> = (0..6).map(|i| signature.place(i)).collect();
        assert_eq!(places, [0, 1, 2, 5, 3, 4]);
    }

    #[test]
    fn refuses() {
        for wrong in [
            "f",
            "f(",
            "(a)",
            "f(a,)",
            "f(/)",
            "f(a, /, b, /)",
            "f(*)",
            "f(a, *)",
            "f(a, a)",
            "f(a=1, b)",
            "f(*, a=1, b)",
            "f(**k, a)",
            "f(*a, *b)",
            "f(a='x)",
            "f(a=)",
            "f(1a)",
            "f(a, **k)",
            "f(*args=1)",
            "f(*args, /)",
            "f(ä)",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
