//! The built-in exceptions, one type each.
use std::fmt;

use cpython_ffi::raw;

use crate::error::{PyErr, static_class};
use crate::handle::Borrowed;
use crate::thread::ThreadState;
use crate::types::PyType;

/// A built-in exception class.
pub trait ExceptionType {
    /// The class.
    fn class<'py>(ts: &ThreadState<'py>) -> Borrowed<'static, 'py, PyType>;
}

macro_rules! exceptions {
    ($($name:ident = $symbol:ident),* $(,)?) => {$(
        #[doc = concat!("The built-in `", stringify!($name), "`.")]
        pub struct $name;

        impl $name {
            /// An exception of this class with a message.
            #[cold]
            #[expect(clippy::new_ret_no_self, reason = "the unit type is a name for the class")]
            pub fn new(ts: &ThreadState<'_>, message: impl fmt::Display) -> PyErr {
                PyErr::new(ts, &Self::class(ts), message)
            }
        }

        impl ExceptionType for $name {
            fn class<'py>(ts: &ThreadState<'py>) -> Borrowed<'static, 'py, PyType> {
                // SAFETY: set before any module is loaded and never changed.
                unsafe { static_class(ts, cpython_ffi::Ref::new(std::ptr::NonNull::new_unchecked(raw::$symbol))) }
            }
        }
    )*};
}

exceptions! {
    ArithmeticError = PyExc_ArithmeticError,
    AssertionError = PyExc_AssertionError,
    AttributeError = PyExc_AttributeError,
    BaseException = PyExc_BaseException,
    BufferError = PyExc_BufferError,
    DeprecationWarning = PyExc_DeprecationWarning,
    EOFError = PyExc_EOFError,
    Exception = PyExc_Exception,
    ImportError = PyExc_ImportError,
    IndexError = PyExc_IndexError,
    KeyError = PyExc_KeyError,
    KeyboardInterrupt = PyExc_KeyboardInterrupt,
    LookupError = PyExc_LookupError,
    MemoryError = PyExc_MemoryError,
    NotImplementedError = PyExc_NotImplementedError,
    OSError = PyExc_OSError,
    OverflowError = PyExc_OverflowError,
    PythonFinalizationError = PyExc_PythonFinalizationError,
    RecursionError = PyExc_RecursionError,
    ReferenceError = PyExc_ReferenceError,
    ResourceWarning = PyExc_ResourceWarning,
    RuntimeError = PyExc_RuntimeError,
    RuntimeWarning = PyExc_RuntimeWarning,
    StopIteration = PyExc_StopIteration,
    SystemError = PyExc_SystemError,
    TypeError = PyExc_TypeError,
    UnicodeDecodeError = PyExc_UnicodeDecodeError,
    UnicodeEncodeError = PyExc_UnicodeEncodeError,
    UserWarning = PyExc_UserWarning,
    ValueError = PyExc_ValueError,
    Warning = PyExc_Warning,
    ZeroDivisionError = PyExc_ZeroDivisionError,
}
