//! What the reader asks of whoever makes the objects: [`Build`].
use super::number::Number;
use super::string::{Body, Unescaped};
use super::unit::Unit;

/// Makes the values that a document stands for.
///
/// The reader calls it in the order of the document. Whatever it returns is kept by the reader
/// until the end of the list or object that it is in; after an error nothing more is asked.
pub trait Build: Unescaped {
    /// A value.
    type Value;
    /// The key of an item of an object.
    type Key;
    /// A list that is not complete yet.
    type List;
    /// An object that is not complete yet.
    type Object;
    /// Held while a list or object is read.
    type Level;

    /// `null`, or `true` or `false`.
    fn literal(&mut self, value: Option<bool>) -> Self::Value;

    /// A word that stands for a number.
    ///
    /// # Errors
    /// The builder's.
    fn constant(&mut self, constant: Constant) -> Result<Self::Value, Self::Error>;

    /// A number.
    ///
    /// # Errors
    /// The builder's.
    fn number<W: Unit>(&mut self, number: Number<'_, W>) -> Result<Self::Value, Self::Error>;

    /// A string. One with escapes has been given away before.
    ///
    /// # Errors
    /// The builder's.
    fn string<W: Unit>(&mut self, body: Body<'_, W>) -> Result<Self::Value, Self::Error>;

    /// The key that is to be expected, when the text begins with its characters, a quote behind them
    /// and nothing else to say about them; and how many there are. Records follow each other with the
    /// same keys, which need no search then.
    #[inline(always)]
    fn expected_key<W: Unit>(&mut self, _text: &[W]) -> Option<(Self::Key, usize)> {
        None
    }

    /// The key of an item, which is a string.
    ///
    /// # Errors
    /// The builder's.
    fn key<W: Unit>(&mut self, body: Body<'_, W>) -> Result<Self::Key, Self::Error>;

    /// One more level of nesting. An empty list or object is none.
    ///
    /// # Errors
    /// The builder's, when it is one too many.
    fn enter(&mut self, container: Container) -> Result<Self::Level, Self::Error>;

    /// An empty list.
    ///
    /// # Errors
    /// The builder's.
    fn list(&mut self) -> Result<Self::List, Self::Error>;

    /// One more item of a list.
    ///
    /// # Errors
    /// The builder's.
    fn push(&mut self, list: &mut Self::List, item: Self::Value) -> Result<(), Self::Error>;

    /// The value of a list that is complete, and not used again. (It is lent since moving it can
    /// cost more than an empty list does.)
    ///
    /// # Errors
    /// The builder's.
    fn finish_list(&mut self, list: &mut Self::List) -> Result<Self::Value, Self::Error>;

    /// An object without items.
    ///
    /// # Errors
    /// The builder's.
    fn object(&mut self) -> Result<Self::Object, Self::Error>;

    /// One more item of an object; the key may be there already.
    ///
    /// # Errors
    /// The builder's.
    fn insert(
        &mut self,
        object: &mut Self::Object,
        key: Self::Key,
        value: Self::Value,
    ) -> Result<(), Self::Error>;

    /// The value of an object that is complete.
    ///
    /// # Errors
    /// The builder's.
    fn finish_object(&mut self, object: Self::Object) -> Result<Self::Value, Self::Error>;
}

/// A word that stands for a number, which JSON itself does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the words")]
pub enum Constant {
    NaN,
    Infinity,
    MinusInfinity,
}

/// What nests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// `[...]`
    Array,
    /// `{...}`
    Object,
}
