//! The tables of a class: methods, properties, slots.
use std::ffi::{CStr, c_int};
use std::marker::PhantomData;
use std::mem::offset_of;
use std::ptr;

use cpython_ffi::raw::{self, PyGetSetDef, PyMethodDef, PyObject, PyType_Slot};

use super::{Class, MethodDef, OfType, PropertyDef, Slot};
use crate::function::{self, Function};

/// The tables of a class with `M` methods, `P` properties and `S` slots, to be a `static`.
///
/// # Invariants
/// Each of the first two tables ends with the mark that C expects.
#[repr(C)]
pub struct Tables<T, const M: usize, const P: usize, const S: usize> {
    methods: [PyMethodDef; M],
    methods_end: PyMethodDef,
    properties: [PyGetSetDef; P],
    /// `__dict__`, or an end mark.
    dict: PyGetSetDef,
    properties_end: PyGetSetDef,
    slots: [PyType_Slot; S],
    signature: &'static CStr,
    vectorcall: raw::vectorcallfunc,
    _class: PhantomData<fn() -> T>,
}

// SAFETY: never written after it is made; the pointers in it are `'static`.
unsafe impl<T, const M: usize, const P: usize, const S: usize> Sync for Tables<T, M, P, S> {}

/// The tables of a class, whatever their lengths.
///
/// # Invariants
/// Each pointer is null, or to a `'static` table with its end mark.
pub struct TablesRef<T> {
    pub(super) methods: *const PyMethodDef,
    pub(super) properties: *const PyGetSetDef,
    pub(super) slots: &'static [PyType_Slot],
    pub(super) signature: &'static CStr,
    pub(super) vectorcall: raw::vectorcallfunc,
    _class: PhantomData<fn() -> T>,
}

impl<T: Class, const M: usize, const P: usize, const S: usize> Tables<T, M, P, S> {
    /// The tables.
    pub const fn new(
        methods: [MethodDef<T>; M],
        properties: [PropertyDef<T>; P],
        slots: [Slot<T>; S],
    ) -> Self {
        const { assert!(S <= MAX_SLOTS, "more slots than there are") };
        let mut tables = Self {
            methods: [METHODS_END; M],
            methods_end: METHODS_END,
            properties: [PROPERTIES_END; P],
            dict: if T::FACTS.with_dict { DICT } else { PROPERTIES_END },
            properties_end: PROPERTIES_END,
            slots: [PyType_Slot { slot: 0, pfunc: ptr::null_mut() }; S],
            signature: c"",
            vectorcall: None,
            _class: PhantomData,
        };
        let mut i = 0;
        while i < M {
            tables.methods[i] = methods[i].to_c();
            i += 1;
        }
        i = 0;
        while i < P {
            tables.properties[i] = properties[i].to_c();
            i += 1;
        }
        i = 0;
        while i < S {
            tables.slots[i] = slots[i].to_c();
            i += 1;
        }
        tables
    }

    /// With the constructor that the slot `tp_new` has, too: its text signature stands before the
    /// docstring, when its name is that of the class (else Python would take it for text), and calls
    /// need no tuple of the arguments.
    #[must_use]
    pub const fn constructor<F: Function<OfType<T>>>(mut self) -> Self {
        if names_the_class(F::PARAMETERS.name.to_bytes(), T::FACTS.name.to_bytes()) {
            self.signature = F::PARAMETERS.doc;
        }
        // `__init__` runs behind `__new__` (that of a base is looked for when the class is made); a
        // changed `__new__` must be found.
        let has_init = self.has(raw::Py_tp_init);
        // Where C parses without a name, calls come by the tuple.
        let by_array = !F::PARAMETERS.more_keywords && !F::PARAMETERS.unnamed;
        if !has_init && !T::FACTS.mutable && by_array {
            self.vectorcall = Some(vectorcall::<T, F>);
        }
        self
    }

    const fn has(&self, id: c_int) -> bool {
        let mut i = 0;
        while i < S {
            if self.slots[i].slot == id {
                return true;
            }
            i += 1;
        }
        false
    }

    /// The tables, whatever their lengths.
    pub const fn get(&'static self) -> TablesRef<T> {
        let tables = ptr::from_ref(self);
        // INVARIANT: each table is followed by its end mark, which the pointer may reach, too.
        TablesRef {
            methods: if M == 0 { ptr::null() } else { tables.cast() },
            properties: if P == 0 && !T::FACTS.with_dict {
                ptr::null()
            } else {
                tables.cast::<u8>().wrapping_add(offset_of!(Self, properties)).cast()
            },
            slots: &self.slots,
            signature: self.signature,
            vectorcall: self.vectorcall,
            _class: PhantomData,
        }
    }
}

/// Whether the name is what follows the last dot of the full name.
const fn names_the_class(name: &[u8], full: &[u8]) -> bool {
    let mut left = name.len();
    while left > 0 {
        left -= 1;
        let at = full.len() + left;
        if at < name.len() || full[at - name.len()] != name[left] {
            return false;
        }
    }
    full.len() == name.len() || full[full.len() - name.len() - 1] == b'.'
}

/// `T(...)` with the arguments in an array.
unsafe extern "C" fn vectorcall<T: Class, F: Function<OfType<T>>>(
    class: *mut PyObject,
    arguments: *const *mut PyObject,
    count: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    let count = count & !raw::PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: C passes a live type and live arguments, attached; a count without its flag bit
    // fits `isize`.
    unsafe { function::fast_keywords::<OfType<T>, F>(class, arguments, count as isize, names) }
}

/// How many slots a class can have: more than there are.
pub(super) const MAX_SLOTS: usize = 88;

const METHODS_END: PyMethodDef =
    PyMethodDef { ml_name: ptr::null(), ml_meth: None, ml_flags: 0, ml_doc: ptr::null() };
const PROPERTIES_END: PyGetSetDef = PyGetSetDef {
    name: ptr::null(),
    get: None,
    set: None,
    doc: ptr::null(),
    closure: ptr::null_mut(),
};

/// `__dict__` of instances that have one.
const DICT: PyGetSetDef = PyGetSetDef {
    name: c"__dict__".as_ptr(),
    get: Some(raw::PyObject_GenericGetDict),
    set: Some(raw::PyObject_GenericSetDict),
    doc: ptr::null(),
    closure: ptr::null_mut(),
};
