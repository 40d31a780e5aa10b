//! `dict`.
use std::ffi::c_int;
use std::ptr;

use cpython_ffi::{Ref, calls, fast, raw};

use super::{PyAny, PyDict, PyList};
use crate::error::{PyErr, PyResult, owned, owned_by};
use crate::exception::RuntimeError;
use crate::handle::Bound;
use crate::sync::in_critical_section;
use crate::thread::ThreadState;

impl PyDict {
    /// An empty `dict`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; the call returns a `dict`.
        unsafe { owned_by(ts, calls::PyDict_New()) }
    }
}

/// Any thread and any Python that runs (hashing and comparing of keys) may change a dict: each
/// call looks at it as it is then.
///
/// ```no_run
/// use cpython_api::{Bound, PyAny, PyResult, types::PyDict};
/// fn rename<'py>(dict: &Bound<'py, PyDict>, old: &Bound<'py>, new: &Bound<'py>) -> PyResult<()> {
///     match dict.pop(old)? {
///         Some(value) => dict.set(new, &value),
///         None => Ok(()),
///     }
/// }
/// ```
impl<'py> Bound<'py, PyDict> {
    /// `len(self)`, at this moment.
    #[inline]
    pub fn len(&self) -> usize {
        // SAFETY: a live `dict`.
        unsafe { raw::PyDict_GET_SIZE(self.checked().as_ptr()) as usize }
    }

    /// Whether there are no items.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `self[key]`, when it is there.
    ///
    /// # Errors
    /// What hashing or comparing raises.
    #[inline]
    pub fn get<K>(&self, key: &Bound<'py, K>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let mut found = ptr::null_mut();
        // SAFETY: attached; both live; on success the result is null or new.
        unsafe {
            let status = calls::PyDict_GetItemRef(self.checked(), key.reference(), &mut found);
            self.found(status, found)
        }
    }

    /// `self[key] = value`.
    ///
    /// # Errors
    /// What hashing or comparing raises; `MemoryError`.
    #[inline]
    pub fn set<K, V>(&self, key: &Bound<'py, K>, value: &Bound<'py, V>) -> PyResult<()> {
        // SAFETY: attached; all live.
        self.done(unsafe {
            calls::PyDict_SetItem(self.checked(), key.reference(), value.reference())
        })
    }

    /// `del self[key]`.
    ///
    /// # Errors
    /// `KeyError`; what hashing or comparing raises.
    pub fn del<K>(&self, key: &Bound<'py, K>) -> PyResult<()> {
        // SAFETY: attached; both live.
        self.done(unsafe { calls::PyDict_DelItem(self.checked(), key.reference()) })
    }

    /// `key in self`.
    ///
    /// # Errors
    /// What hashing or comparing raises.
    pub fn contains<K>(&self, key: &Bound<'py, K>) -> PyResult<bool> {
        // SAFETY: attached; both live.
        self.answer(unsafe { calls::PyDict_Contains(self.checked(), key.reference()) })
    }

    /// Removes an item and gives back its value, when it was there.
    ///
    /// # Errors
    /// What hashing or comparing raises.
    pub fn pop<K>(&self, key: &Bound<'py, K>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let mut found = ptr::null_mut();
        // SAFETY: attached; both live; on success the result is null or new.
        unsafe {
            let status = calls::PyDict_Pop(self.checked(), key.reference(), &mut found);
            self.found(status, found)
        }
    }

    /// `self.setdefault(key, default)`, in one step, with whether the key was there.
    ///
    /// # Errors
    /// What hashing or comparing raises; `MemoryError`.
    pub fn set_default<K, V>(
        &self,
        key: &Bound<'py, K>,
        default: &Bound<'py, V>,
    ) -> PyResult<(Bound<'py, PyAny>, bool)> {
        let mut value = ptr::null_mut();
        // SAFETY: attached; all live; on success the result is new.
        unsafe {
            let status = calls::PyDict_SetDefaultRef(
                self.checked(),
                key.reference(),
                default.reference(),
                &mut value,
            );
            let there = self.answer(status)?;
            let value = self.optional(value).ok_or_else(|| PyErr::fetch_beside(self))?;
            Ok((value, there))
        }
    }

    /// `self.clear()`.
    pub fn clear(&self) {
        // SAFETY: attached.
        unsafe { calls::PyDict_Clear(self.checked()) };
    }

    /// `self.copy()`, as a `dict`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn copy(&self) -> PyResult<Self> {
        // SAFETY: attached; the call returns a `dict`.
        unsafe { owned(self, calls::PyDict_Copy(self.checked())) }
    }

    /// `list(self)`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn keys(&self) -> PyResult<Bound<'py, PyList>> {
        // SAFETY: attached; the call returns a `list`.
        unsafe { owned(self, calls::PyDict_Keys(self.checked())) }
    }

    /// `list(self.values())`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn values(&self) -> PyResult<Bound<'py, PyList>> {
        // SAFETY: attached; the call returns a `list`.
        unsafe { owned(self, calls::PyDict_Values(self.checked())) }
    }

    /// `list(self.items())`, a snapshot that nobody else changes.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn items(&self) -> PyResult<Bound<'py, PyList>> {
        // SAFETY: attached; the call returns a `list`.
        unsafe { owned(self, calls::PyDict_Items(self.checked())) }
    }

    /// The items, without a snapshot. What the loop does may change values; when the number of
    /// items changes, the next step is a `RuntimeError`, as in Python, and the last.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, types::PyDict};
    /// fn swapped<'py>(from: &Bound<'py, PyDict>, to: &Bound<'py, PyDict>) -> PyResult<()> {
    ///     for item in from.iter() {
    ///         let (key, value) = item?;
    ///         to.set(&value, &key)?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn iter(&self) -> DictIter<'_, 'py> {
        DictIter { dict: self, position: 0, size: Some(self.len()) }
    }

    /// What a lookup has found.
    ///
    /// # Safety
    /// `found` is null, or a new reference that this thread was just given.
    #[inline(always)]
    unsafe fn found(
        &self,
        status: cpython_ffi::Status,
        found: *mut raw::PyObject,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        if status.failed() {
            return Err(PyErr::fetch_beside(self));
        }
        // SAFETY: by the caller's word.
        Ok(unsafe { self.optional(found) })
    }
}

/// An iterator over the items of a `dict`: see [`Bound::iter`](Bound#method.iter).
pub struct DictIter<'a, 'py> {
    dict: &'a Bound<'py, PyDict>,
    position: isize,
    /// The size at the beginning; nothing after a failure.
    size: Option<usize>,
}

impl<'py> Iterator for DictIter<'_, 'py> {
    type Item = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

    fn next(&mut self) -> Option<Self::Item> {
        let size = self.size?;
        if self.dict.len() != size {
            self.size = None;
            return Some(Err(changed_size(self.dict)));
        }
        let dict = self.dict.checked();
        let (mut key, mut value) = (ptr::null_mut(), ptr::null_mut());
        let position = &mut self.position;
        let mut step = || {
            // SAFETY: attached; nobody changes the dict before both are counted: by the GIL, or
            // by the critical section. A position that no longer fits is past the end for C.
            unsafe {
                let more: c_int = calls::PyDict_Next(dict, position, &mut key, &mut value);
                if more == 0 {
                    return None;
                }
                let (key, value) = (Ref::from_ptr(key)?, Ref::from_ptr(value)?);
                Some((key.to_owned(), value.to_owned()))
            }
        };
        let found = if fast::GIL_DISABLED { in_critical_section(dict, step) } else { step() };
        let Some((key, value)) = found else {
            self.size = None;
            return None;
        };
        // SAFETY: new references, made on this thread.
        Some(Ok(unsafe { (Bound::beside(self.dict, key), Bound::beside(self.dict, value)) }))
    }
}

#[cold]
fn changed_size(dict: &Bound<'_, PyDict>) -> PyErr {
    RuntimeError::new(&dict.token(), "dictionary changed size during iteration")
}
