//! The model: C functions under their own names, over real layouts, and [`World`], an interpreter to run tests in.
//!
//! Each function does what `cpython-ffi` writes down for it, and no more than the tests ask for: what else comes is a
//! panic that names it, or a symbol that the linker does not find. A class has slots and methods but no dict, a `str` is
//! ASCII, an `int` has one digit.

mod collector;
mod error;
mod memory;
mod module;
mod object;
mod thread;
mod types;
mod values;
mod world;

pub(crate) use world::{Object, World};

/// Defines functions that C exports. Their callers keep the contracts of `cpython-ffi`: that is why the bodies, which
/// use what they are given as C does, are sound.
macro_rules! c_functions {
    ($($(#[doc = $doc:literal])* fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $ret:ty)? $body:block)*) => {$(
        $(#[doc = $doc])*
        #[doc = ""]
        #[doc = "# Safety"]
        #[doc = "The contract of this name in `cpython-ffi`."]
        #[unsafe(no_mangle)]
        #[allow(non_snake_case, reason = "the name is C's")]
        #[allow(clippy::allow_attributes, reason = "not every name is")]
        pub(crate) unsafe extern "C" fn $name($($arg: $type),*) $(-> $ret)? {
            // SAFETY: the caller keeps the contract; what the model keeps itself is as `c` says.
            #[allow(unused_unsafe, reason = "not every body needs it")]
            unsafe { $body }
        }
    )*};
}
use c_functions;
