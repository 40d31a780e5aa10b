//! Bytes of arguments: [`Buffer`] and its kin, Argument Clinic's `Py_buffer` converters.
//!
//! A slice is lent only where nobody can change or free the memory: of an exact `bytes` object or
//! a `str` that is counted here. A memoryview, a subclass, a "readonly" flag prove nothing of the
//! kind, so everything else is copied: while it is copied the export is held, then given back.
mod export;
mod pieces;
mod stream;

use std::mem::{ManuallyDrop, MaybeUninit};
use std::ops::Deref;
use std::slice;

use cpython_ffi::{Ref, fast, raw};

use crate::arg::{Arg, FromArg};
use crate::error::{PyErr, PyResult};
use crate::exception::{TypeError, ValueError};
use crate::handle::{Borrowed, Bound};
use crate::types::{PyAny, PyBytes, PyStr, Typed};

use export::Export;
pub use pieces::Pieces;
pub use stream::{BufferMut, Chunks, KeptExport};

/// The bytes of a bytes-like argument: `Py_buffer`.
///
/// Dereferences to `&[u8]`, which stays valid while detached.
///
/// ```no_run
/// use cpython_api::Buffer;
/// fn count_zeros(data: Buffer<'_>) -> usize {
///     data.iter().filter(|&&byte| byte == 0).count()
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Buffer<'h>(&'h [u8]);

/// The bytes of a bytes-like argument or of an ASCII `str`: the converter of `binascii`.
///
/// ```no_run
/// use cpython_api::AsciiBuffer;
/// fn digits(text: AsciiBuffer<'_>) -> usize {
///     text.iter().filter(|byte| byte.is_ascii_hexdigit()).count()
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AsciiBuffer<'h>(&'h [u8]);

/// The bytes of a bytes-like argument or the UTF-8 of a `str`: `Py_buffer(accept={str, buffer})`.
///
/// ```no_run
/// use cpython_api::StrOrBuffer;
/// fn length(text: StrOrBuffer<'_>) -> usize {
///     text.len()
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct StrOrBuffer<'h>(&'h [u8]);

macro_rules! slice_like {
    ($($name:ident),*) => {$(
        impl<'h> $name<'h> {
            /// The bytes, for as long as the argument is kept.
            #[inline(always)]
            pub const fn as_slice(self) -> &'h [u8] {
                self.0
            }
        }

        /// Bytes of the function's own, as the default of a parameter.
        impl<'h> From<&'h [u8]> for $name<'h> {
            #[inline(always)]
            fn from(bytes: &'h [u8]) -> Self {
                Self(bytes)
            }
        }

        impl Deref for $name<'_> {
            type Target = [u8];

            #[inline(always)]
            fn deref(&self) -> &[u8] {
                self.0
            }
        }
    )*};
}

slice_like!(Buffer, AsciiBuffer, StrOrBuffer);

impl<'h, 'py> FromArg<'h, 'py> for Buffer<'h> {
    type Holder = Kept<'py>;

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Kept<'py>) -> PyResult<Self> {
        lend(&argument.object(), holder).map(Self).map_err(Failure::into_error)
    }
}

impl<'h, 'py> FromArg<'h, 'py> for AsciiBuffer<'h> {
    type Holder = Kept<'py>;

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Kept<'py>) -> PyResult<Self> {
        let object = argument.object();
        if let Some(text) = object.cast::<PyStr>() {
            // SAFETY: the handle is lent for `'h`, and the object counted for as long.
            return match unsafe { ascii_of(text) } {
                Some(bytes) => Ok(Self(bytes)),
                None => Err(not_ascii(&object)),
            };
        }
        lend(&object, holder).map(Self).map_err(|failure| match failure {
            Failure::Refused(_) => no_ascii_buffer(&object),
            Failure::NoMemory(error) => error,
        })
    }
}

impl<'h, 'py> FromArg<'h, 'py> for StrOrBuffer<'h> {
    type Holder = Kept<'py>;

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Kept<'py>) -> PyResult<Self> {
        let object = argument.object();
        match object.cast::<PyStr>() {
            // SAFETY: the handle is lent for `'h`, and the object counted for as long.
            Some(text) => unsafe { utf8_of(text) }.map(Self),
            None => lend(&object, holder).map(Self).map_err(Failure::into_error),
        }
    }
}

impl<'py> Bound<'py, PyAny> {
    /// The bytes of a bytes-like object that is no argument: an item of a list, say. They rest on
    /// the handle and on `kept`, and stay valid while detached.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, Kept, PyResult, types::PyList};
    /// fn total(parts: &Bound<'_, PyList>) -> PyResult<usize> {
    ///     parts.iter().try_fold(0, |total, part| {
    ///         let mut kept = Kept::default();
    ///         Ok(total + part.buffer(&mut kept)?.len())
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// `TypeError: a bytes-like object is required, not 'X'`; what the exporter raises;
    /// `MemoryError`.
    pub fn buffer<'h>(&'h self, kept: &'h mut Kept<'py>) -> PyResult<&'h [u8]> {
        self.checked();
        lend(&self.borrow(), kept).map_err(Failure::into_error)
    }
}

/// What the memory of a [`Buffer`] rests on when that is not the argument itself.
///
/// An export stays open until the call is over, as in C, although a copy has been made: the
/// exporter may not change its size meanwhile.
///
/// # Invariants
/// While the export is not open, `rest` is nothing.
pub struct Kept<'py> {
    rest: ManuallyDrop<Rest<'py>>,
    export: Export<'py>,
    inline: MaybeUninit<[u8; INLINE]>,
}

enum Rest<'py> {
    /// The argument itself, or a copy in `inline`.
    Nothing,
    /// The exact `bytes` object below a memoryview.
    Bytes(Bound<'py, PyBytes>),
    /// A copy that does not fit `inline`.
    Copy(Vec<u8>),
}

/// Copies up to this size need no allocation.
const INLINE: usize = 256;

impl Default for Kept<'_> {
    #[inline(always)]
    fn default() -> Self {
        Self {
            rest: ManuallyDrop::new(Rest::Nothing),
            export: Export::default(),
            inline: MaybeUninit::uninit(),
        }
    }
}

impl Kept<'_> {
    /// Gives back what is kept.
    #[inline(never)]
    fn empty(&mut self) {
        if !matches!(*self.rest, Rest::Nothing) {
            *self.rest = Rest::Nothing;
        }
        self.export.close();
    }
}

/// Mostly there is nothing to drop, and that is found out without a call.
impl Drop for Kept<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.export.is_open() {
            self.empty();
        }
    }
}

impl<'py> Rest<'py> {
    fn keep_bytes(&mut self, bytes: Bound<'py, PyBytes>) -> &[u8] {
        *self = Self::Bytes(bytes);
        match self {
            Self::Bytes(bytes) => bytes.as_slice(),
            _ => &[],
        }
    }

    fn keep_copy(&mut self, copy: Vec<u8>) -> &[u8] {
        *self = Self::Copy(copy);
        match self {
            Self::Copy(copy) => copy,
            _ => &[],
        }
    }
}

/// Why there are no bytes to be had.
enum Failure {
    /// The object gives no buffer of this kind.
    Refused(PyErr),
    /// There is no memory for the copy.
    NoMemory(PyErr),
}

impl Failure {
    #[cold]
    fn into_error(self) -> PyErr {
        let (Self::Refused(error) | Self::NoMemory(error)) = self;
        error
    }
}

/// The bytes of any object that has some.
#[inline(always)]
fn lend<'h, 'py>(
    object: &Borrowed<'h, 'py, PyAny>,
    kept: &'h mut Kept<'py>,
) -> Result<&'h [u8], Failure> {
    if PyBytes::check_exact(object) {
        // SAFETY: an exact `bytes`, counted for `'h`.
        return Ok(unsafe { bytes_of(object.reference()) });
    }
    if Export::is_simple(object)
        && let Some(count) = copy_few(object, kept)
    {
        // SAFETY: so many bytes of the array are initialised.
        return Ok(unsafe { slice::from_raw_parts(kept.inline.as_ptr().cast(), count) });
    }
    export_or_copy(object, kept)
}

/// Copies a small `bytearray` and tells how many bytes are in `inline` now.
#[inline(never)]
fn copy_few<'py>(object: &Bound<'py, PyAny>, kept: &mut Kept<'py>) -> Option<usize> {
    let memory = kept.export.open_simple(object, INLINE)?;
    // SAFETY: the array has so much room.
    Some(unsafe { memory.read(0, kept.inline.as_mut_ptr().cast(), INLINE) })
}

/// The bytes of an object that is no exact `bytes`.
#[inline(never)]
fn export_or_copy<'h, 'py>(
    object: &Bound<'py, PyAny>,
    kept: &'h mut Kept<'py>,
) -> Result<&'h [u8], Failure> {
    if kept.export.is_open() {
        kept.empty();
    }
    let Kept { rest, export, inline } = kept;
    export.open(object, raw::PyBUF_SIMPLE as _).map_err(Failure::Refused)?;
    if let Some((bytes, range)) = export.bytes_below() {
        return Ok(rest.keep_bytes(bytes).get(range).unwrap_or_default());
    }
    let Some(memory) = export.memory() else { return Ok(&[]) };
    if memory.len() <= INLINE {
        let place = inline.as_mut_ptr().cast();
        // SAFETY: the array has room for all bytes, and those copied are initialised.
        return Ok(unsafe { slice::from_raw_parts(place, memory.read(0, place, INLINE)) });
    }
    let mut copy = Vec::new();
    copy.try_reserve_exact(memory.len())
        .map_err(|_| Failure::NoMemory(PyErr::no_memory(&object.token())))?;
    // SAFETY: the vector has room for all bytes, and those copied are initialised.
    unsafe {
        let copied = memory.read(0, copy.as_mut_ptr(), memory.len());
        copy.set_len(copied);
    }
    Ok(rest.keep_copy(copy))
}

/// The memory of an exact `bytes` object, for any lifetime.
///
/// # Safety
/// `object` is an exact `bytes`, and the caller counts it for `'h`: then nobody writes to it.
#[inline(always)]
pub(crate) unsafe fn bytes_of<'h>(object: Ref) -> &'h [u8] {
    // SAFETY: a live `bytes`, kept by the caller.
    unsafe {
        slice::from_raw_parts(
            raw::PyBytes_AS_STRING(object.as_ptr()).cast(),
            raw::PyBytes_GET_SIZE(object.as_ptr()) as usize,
        )
    }
}

/// The characters of an ASCII `str`, for any lifetime.
///
/// # Safety
/// The caller counts the object for `'h`.
#[inline(always)]
unsafe fn ascii_of<'h>(text: &Bound<'_, PyStr>) -> Option<&'h [u8]> {
    let text = text.as_ascii()?;
    // SAFETY: the text lives as long as the object, which does not change while it is counted.
    Some(unsafe { slice::from_raw_parts(text.as_ptr(), text.len()) })
}

/// The UTF-8 of a `str`, for any lifetime.
///
/// # Safety
/// The caller counts the object for `'h`.
#[inline(always)]
unsafe fn utf8_of<'h>(text: &Bound<'_, PyStr>) -> PyResult<&'h [u8]> {
    let text = text.to_str()?;
    // SAFETY: the text lives as long as the object, which does not change while it is counted.
    Ok(unsafe { slice::from_raw_parts(text.as_ptr(), text.len()) })
}

#[cold]
fn not_ascii(object: &Bound<'_, PyAny>) -> PyErr {
    ValueError::new(&object.token(), "string argument should contain only ASCII characters")
}

#[cold]
fn no_ascii_buffer(object: &Bound<'_, PyAny>) -> PyErr {
    TypeError::new(
        &object.token(),
        format_args!(
            "argument should be bytes, buffer or ASCII string, not '{:.100}'",
            object.type_name()
        ),
    )
}

/// Whether an object is exactly of the type at `class`.
#[inline(always)]
fn is_exactly(object: Ref, class: *mut raw::PyTypeObject) -> bool {
    // SAFETY: live, by the invariant of the reference.
    unsafe { fast::is_exactly(object, class) }
}
