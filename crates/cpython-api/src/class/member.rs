//! Members: fields of a payload that C reads where they are (`PyMemberDef`).
use std::ffi::{CStr, c_int};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU64};

use cpython_ffi::raw::{self, PyInterpreterState, PyMemberDef};

use super::{Class, layout};
use crate::error::{PyErr, PyResult};
use crate::exception::SystemError;
use crate::handle::Py;
use crate::thread::ThreadState;

/// A type whose values C can read where they are: `bool`, `AtomicBool`, `AtomicU64`, [`Py`].
///
/// # Safety
/// `KIND` is C's name for what lies `OFFSET` behind the start of a value, as long as the value can
/// be borrowed; the same bytes, all zero, can be read as that, too; and C may read it in any
/// interpreter but for an object, which [`Field`] asks about.
pub unsafe trait Member: Sized {
    #[doc(hidden)]
    const KIND: c_int;
    #[doc(hidden)]
    const OFFSET: usize = 0;
    /// The interpreter whose objects it may be shown among; any, when it is no object.
    #[doc(hidden)]
    fn belongs_to(&self, _interpreter: *mut PyInterpreterState) -> bool {
        true
    }
}

// SAFETY: one byte, 0 or 1.
unsafe impl Member for bool {
    const KIND: c_int = raw::Py_T_BOOL;
}

// SAFETY: one byte, 0 or 1, which C reads in one step, too.
unsafe impl Member for AtomicBool {
    const KIND: c_int = raw::Py_T_BOOL;
}

// SAFETY: 64 bits, which C reads in one step, too.
unsafe impl Member for AtomicU64 {
    const KIND: c_int = raw::Py_T_ULONGLONG;
}

// SAFETY: a pointer to an object that is counted as long as the value lives, and never changes;
// null is read as `None`.
unsafe impl<T> Member for Py<T> {
    const KIND: c_int = raw::_Py_T_OBJECT;
    const OFFSET: usize = Self::OBJECT;

    fn belongs_to(&self, interpreter: *mut PyInterpreterState) -> bool {
        self.owner().is(interpreter)
    }
}

/// A field of a payload at hand.
pub struct Field<'a> {
    start: *const (),
    kind: c_int,
    member: &'a dyn Belongs,
}

impl<'a> Field<'a> {
    /// Names a field.
    pub fn of<M: Member>(member: &'a M) -> Self {
        Self { start: ptr::from_ref(member).cast(), kind: M::KIND, member }
    }
}

trait Belongs {
    fn here(&self, interpreter: *mut PyInterpreterState) -> bool;
}

impl<M: Member> Belongs for M {
    fn here(&self, interpreter: *mut PyInterpreterState) -> bool {
        self.belongs_to(interpreter)
    }
}

/// A read-only member of `T`; `#[member]` on a field of the struct makes it.
///
/// That the field is where it is said to be is not taken on anybody's word: it is looked at in
/// the payload of each new instance, before that is made.
pub struct MemberDef<T> {
    name: &'static CStr,
    doc: Option<&'static CStr>,
    kind: c_int,
    offset: usize,
    inner: usize,
    field: fn(&T) -> Field<'_>,
}

impl<T> MemberDef<T> {
    /// A member of type `M` at this offset in `T`.
    pub const fn new<M: Member>(
        name: &'static CStr,
        offset: usize,
        field: fn(&T) -> Field<'_>,
    ) -> Self {
        let fits = match offset.checked_add(size_of::<M>()) {
            Some(end) => end <= size_of::<T>() && offset.is_multiple_of(align_of::<M>()),
            None => false,
        };
        assert!(fits, "there is no such field");
        // Names that C takes for something else.
        let text = name.to_bytes();
        let special = text.len() > 1 && text[0] == b'_' && text[1] == b'_';
        assert!(!text.is_empty() && !special, "not a member's name");
        Self { name, doc: None, kind: M::KIND, offset, inner: M::OFFSET, field }
    }

    /// With a docstring.
    #[must_use]
    pub const fn documented(self, doc: &'static CStr) -> Self {
        Self { doc: Some(doc), ..self }
    }
}

/// The table for C, which copies it, with its end mark; empty when there are no members.
pub(super) fn table<T: Class>(ts: &ThreadState<'_>) -> PyResult<Vec<PyMemberDef>> {
    let mut table = Vec::new();
    if T::MEMBERS.is_empty() {
        return Ok(table);
    }
    if table.try_reserve_exact(T::MEMBERS.len() + 1).is_err() {
        return Err(PyErr::no_memory(ts));
    }
    let start = layout::payload_offset::<T>();
    let relative = if T::FACTS.given_base { raw::Py_RELATIVE_OFFSET } else { 0 };
    table.extend(T::MEMBERS.iter().map(|member| PyMemberDef {
        name: member.name.as_ptr(),
        type_: member.kind,
        offset: (start + member.offset + member.inner) as isize,
        flags: raw::Py_READONLY | relative,
        doc: member.doc.map_or(ptr::null(), CStr::as_ptr),
    }));
    table.push(PyMemberDef { name: ptr::null(), type_: 0, offset: 0, flags: 0, doc: ptr::null() });
    Ok(table)
}

/// Refuses a payload in which C would not find the members, or objects of another interpreter.
#[inline(always)]
pub(super) fn check<T: Class>(ts: &ThreadState<'_>, payload: &T) -> PyResult<()> {
    for member in T::MEMBERS {
        let field = (member.field)(payload);
        let place = ptr::from_ref(payload).addr() + member.offset;
        // SAFETY: the thread state of a token exists.
        let here = unsafe { cpython_ffi::fast::interpreter(ts.raw()) };
        let fits = field.start.addr() == place && field.kind == member.kind;
        if !fits || !field.member.here(here) {
            return Err(wrong::<T>(ts, member.name));
        }
    }
    Ok(())
}

#[cold]
fn wrong<T: Class>(ts: &ThreadState<'_>, name: &CStr) -> PyErr {
    let (class, name) = (T::FACTS.shown_name(), crate::message::Lossy(name));
    SystemError::new(ts, format_args!("class '{class}': member '{name}' is not what it says"))
}
