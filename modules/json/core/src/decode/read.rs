//! The reader: one value of any kind, and what is nested in it.
use super::build::{Build, Constant, Container};
use super::error::{Broken, Error, Kind};
use super::number::read_number;
use super::string::read_string;
use super::unit::Unit;

/// Reads the value at `at`, and gives it with the place behind it. What follows is not looked at.
/// `strict` forbids control characters in strings.
///
/// # Errors
/// See [`Error`].
pub fn read<W: Unit, B: Build>(
    text: &[W],
    at: usize,
    strict: bool,
    build: &mut B,
) -> Result<(B::Value, usize), Error<B::Error>> {
    let mut reader = Reader { text, at, strict, build, error: None };
    match reader.value() {
        Ok(value) => Ok((value, reader.at)),
        // A failure always leaves its error.
        Err(Failed) => Err(reader.error.unwrap_or(Error::NoValue(at))),
    }
}

/// A place in a document, and what builds its values.
struct Reader<'a, W, B: Build> {
    text: &'a [W],
    at: usize,
    strict: bool,
    build: &'a mut B,
    error: Option<Error<B::Error>>,
}

/// The reader's `error` says why. Without anything in it, a result is as large as its value.
struct Failed;

type Outcome<T> = Result<T, Failed>;

impl<W: Unit, B: Build> Reader<'_, W, B> {
    /// The value that begins here.
    #[inline(always)]
    fn value(&mut self) -> Outcome<B::Value> {
        match self.peek() {
            b'"' => self.string(),
            b'{' => self.object(),
            b'[' => self.array(),
            b'0'..=b'9' => self.number(),
            b'n' if self.skip_word(b"null") => Ok(self.build.literal(None)),
            b't' if self.skip_word(b"true") => Ok(self.build.literal(Some(true))),
            b'f' if self.skip_word(b"false") => Ok(self.build.literal(Some(false))),
            b'N' if self.skip_word(b"NaN") => self.constant(Constant::NaN),
            b'I' if self.skip_word(b"Infinity") => self.constant(Constant::Infinity),
            b'-' if self.skip_word(b"-Infinity") => self.constant(Constant::MinusInfinity),
            b'-' => self.number(),
            _ => Err(self.no_value()),
        }
    }

    /// The list whose bracket is here. An empty one is no level of nesting.
    #[inline(never)]
    fn array(&mut self) -> Outcome<B::Value> {
        self.at += 1;
        self.skip_space();
        let list = self.build.list();
        let mut list = self.built(list)?;
        if self.peek() != b']' {
            let entered = self.build.enter(Container::Array);
            let _level = self.built(entered)?;
            loop {
                let item = self.value()?;
                let pushed = self.build.push(&mut list, item);
                self.built(pushed)?;
                if self.is_last(b']', Kind::TrailingCommaInArray)? {
                    break;
                }
            }
        }
        self.at += 1;
        let value = self.build.finish_list(&mut list);
        self.built(value)
    }

    /// The object whose brace is here.
    #[inline(never)]
    fn object(&mut self) -> Outcome<B::Value> {
        self.at += 1;
        self.skip_space();
        let object = self.build.object();
        let mut object = self.built(object)?;
        if self.peek() != b'}' {
            let entered = self.build.enter(Container::Object);
            let _level = self.built(entered)?;
            loop {
                let key = self.key()?;
                let value = self.value()?;
                let inserted = self.build.insert(&mut object, key, value);
                self.built(inserted)?;
                if self.is_last(b'}', Kind::TrailingCommaInObject)? {
                    break;
                }
            }
        }
        self.at += 1;
        let value = self.build.finish_object(object);
        self.built(value)
    }

    /// The key that begins here, up to the value behind its colon.
    #[inline(never)]
    fn key(&mut self) -> Outcome<B::Key> {
        let key = match self.text.get(self.at..) {
            Some([quote, rest @ ..]) if quote.ascii() == b'"' => {
                match self.build.expected_key(rest) {
                    Some((key, len)) => {
                        self.at += len + 2;
                        key
                    }
                    None => self.any_key()?,
                }
            }
            _ => return Err(self.broken(Kind::PropertyName, self.at)),
        };
        self.skip_space();
        if self.peek() != b':' {
            return Err(self.broken(Kind::Colon, self.at));
        }
        self.at += 1;
        self.skip_space();
        Ok(key)
    }

    /// The key whose quote is here.
    #[inline(never)]
    fn any_key(&mut self) -> Outcome<B::Key> {
        match read_string(self.text, self.at + 1, self.strict, self.build) {
            Ok((body, end)) => {
                self.at = end;
                let key = self.build.key(body);
                self.built(key)
            }
            Err(error) => Err(self.fail(error)),
        }
    }

    /// Behind an item: whether the closing character follows; else a comma does, and the next item.
    #[inline(always)]
    fn is_last(&mut self, closing: u8, trailing: Kind) -> Outcome<bool> {
        self.skip_space();
        let next = self.peek();
        if next == closing {
            return Ok(true);
        }
        if next != b',' {
            return Err(self.broken(Kind::Comma, self.at));
        }
        let comma = self.at;
        self.at += 1;
        self.skip_space();
        if self.peek() == closing { Err(self.broken(trailing, comma)) } else { Ok(false) }
    }

    #[inline(never)]
    fn string(&mut self) -> Outcome<B::Value> {
        match read_string(self.text, self.at + 1, self.strict, self.build) {
            Ok((body, end)) => {
                self.at = end;
                let value = self.build.string(body);
                self.built(value)
            }
            Err(error) => Err(self.fail(error)),
        }
    }

    #[inline(never)]
    fn number(&mut self) -> Outcome<B::Value> {
        match self.text.get(self.at..).and_then(read_number) {
            Some(number) => {
                self.at += number.text.len();
                let value = self.build.number(number);
                self.built(value)
            }
            None => Err(self.no_value()),
        }
    }

    #[inline(never)]
    fn constant(&mut self, constant: Constant) -> Outcome<B::Value> {
        let value = self.build.constant(constant);
        self.built(value)
    }

    /// The character here when it is ASCII; 128 for any other, and at the end.
    #[inline(always)]
    fn peek(&self) -> u8 {
        self.text.get(self.at).map_or(128, |unit| unit.ascii())
    }

    /// Goes behind the word, when it is here.
    #[inline(always)]
    fn skip_word(&mut self, word: &[u8]) -> bool {
        let Some(found) = self.text.get(self.at..self.at + word.len()) else { return false };
        let same = found.iter().zip(word).all(|(unit, byte)| unit.ascii() == *byte);
        if same {
            self.at += word.len();
        }
        same
    }

    /// Mostly there is none, or a single space.
    #[inline(always)]
    fn skip_space(&mut self) {
        if self.peek() == b' ' {
            self.at += 1;
        }
        if self.peek() <= b' ' {
            self.skip_more_space();
        }
    }

    #[inline(never)]
    fn skip_more_space(&mut self) {
        self.at += W::space(self.text.get(self.at..).unwrap_or_default());
    }

    /// What the builder gave, or its error put aside.
    #[inline(always)]
    fn built<T>(&mut self, result: Result<T, B::Error>) -> Outcome<T> {
        match result {
            Ok(value) => Ok(value),
            Err(error) => Err(self.fail(Error::Build(error))),
        }
    }

    #[cold]
    fn no_value(&mut self) -> Failed {
        self.fail(Error::NoValue(self.at))
    }

    #[cold]
    fn broken(&mut self, kind: Kind, at: usize) -> Failed {
        self.fail(Error::Broken(Broken { kind, at: at as isize }))
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, error: Error<B::Error>) -> Failed {
        self.error = Some(error);
        Failed
    }
}
