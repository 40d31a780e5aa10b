//! Names of attributes and keys, made once per module: [`interned!`](crate::interned).

/// Declares a struct of interned `str`s, to be a part of a module's state.
///
/// Each name becomes a field, a `Py<PyStr>`; the text is the name, or what follows `=`. `new`
/// makes them all. A lookup with such a name is faster than with a C string, which makes a `str`
/// each time.
///
/// ```no_run
/// use cpython_api::{Bound, PyResult, ThreadState, Traverse, interned};
///
/// interned! {
///     /// The names this module looks up.
///     pub struct Names { read, class = "__class__" }
/// }
///
/// #[derive(Traverse)]
/// struct State { names: Names }
///
/// fn read<'py>(ts: &ThreadState<'py>, state: &State, file: &Bound<'py>) -> PyResult<Bound<'py>> {
///     file.call_method(state.names.read.get(ts), &[])
/// }
/// fn exec(ts: &ThreadState<'_>) -> PyResult<State> {
///     Ok(State { names: Names::new(ts)? })
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! interned {
    ($(#[$attribute:meta])* $visible:vis struct $names:ident {
        $($name:ident $(= $text:literal)?),* $(,)?
    }) => {
        $(#[$attribute])*
        #[derive($crate::Traverse)]
        $visible struct $names {
            $(
                #[doc = concat!("`", $crate::interned!(@text $name $($text)?), "`.")]
                $visible $name: $crate::Py<$crate::types::PyStr>,
            )*
        }

        impl $names {
            /// Makes the names.
            ///
            /// # Errors
            /// `MemoryError`.
            $visible fn new(ts: &$crate::ThreadState<'_>) -> $crate::PyResult<Self> {
                ::core::result::Result::Ok(Self {
                    $($name: $crate::types::PyStr::intern(ts, $crate::interned!(@text $name $($text)?))?.unbind(),)*
                })
            }
        }
    };
    (@text $name:ident) => { ::core::stringify!($name) };
    (@text $name:ident $text:literal) => { $text };
}
