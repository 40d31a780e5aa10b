//! Operations on any object: `object.h`, `abstract.h`, `weakrefobject.h`.
use std::ffi::{c_char, c_int, c_ulong};

use cpython_sys::{PyObject, PyTypeObject};

use crate::{Owned, Ref, Status};

contracts! {
    /// `repr(o)`, always a `str`.
    runs fn PyObject_Repr(o: Ref) -> Option<Owned>;
    /// `str(o)`, always a `str`.
    runs fn PyObject_Str(o: Ref) -> Option<Owned>;
    /// `ascii(o)`, always a `str`.
    runs fn PyObject_ASCII(o: Ref) -> Option<Owned>;
    /// `hash(o)`, or -1 with an exception.
    runs fn PyObject_Hash(o: Ref) -> isize;
    /// `bool(o)`.
    runs fn PyObject_IsTrue(o: Ref) -> Status;
    /// `a <op> b` for one of the `Py_LT`..`Py_GE` codes.
    runs fn PyObject_RichCompare(a: Ref, b: Ref, op: c_int) -> Option<Owned>;
    /// The same as a truth value; identical objects are equal.
    runs fn PyObject_RichCompareBool(a: Ref, b: Ref, op: c_int) -> Status;
    /// `isinstance(o, class)`.
    runs fn PyObject_IsInstance(o: Ref, class: Ref) -> Status;
    /// `issubclass(derived, class)`.
    runs fn PyObject_IsSubclass(derived: Ref, class: Ref) -> Status;
    /// `callable(o)`: 1 or 0.
    quiet fn PyCallable_Check(o: Ref) -> c_int;
    /// `getattr(o, name)`.
    runs fn PyObject_GetAttr(o: Ref, name: Ref) -> Option<Owned>;
    /// `getattr(o, name)` that tells a missing attribute (0, `*result` null) from a failure (-1).
    runs fn PyObject_GetOptionalAttr(o: Ref, name: Ref, result: *mut *mut PyObject) -> Status;
    /// `setattr(o, name, value)`; a null value deletes.
    runs fn PyObject_SetAttr(o: Ref, name: Ref, value: Option<Ref>) -> Status;
    /// `object.__getattribute__(o, name)`.
    runs fn PyObject_GenericGetAttr(o: Ref, name: Ref) -> Option<Owned>;
    /// `object.__setattr__(o, name, value)`; a null value deletes.
    runs fn PyObject_GenericSetAttr(o: Ref, name: Ref, value: Option<Ref>) -> Status;
    /// `o[key]`.
    runs fn PyObject_GetItem(o: Ref, key: Ref) -> Option<Owned>;
    /// `o[key] = value`.
    runs fn PyObject_SetItem(o: Ref, key: Ref, value: Ref) -> Status;
    /// `del o[key]`.
    runs fn PyObject_DelItem(o: Ref, key: Ref) -> Status;
    /// `len(o)`, or -1 with an exception.
    runs fn PyObject_Size(o: Ref) -> isize;
    /// `iter(o)`.
    runs fn PyObject_GetIter(o: Ref) -> Option<Owned>;
    /// 1 and an item, 0 at the end, -1 with an exception.
    runs fn PyIter_NextItem(iterator: Ref, item: *mut *mut PyObject) -> Status;
    /// `o[i]` of a sequence.
    runs fn PySequence_GetItem(o: Ref, i: isize) -> Option<Owned>;
    /// `len(o)` of a sequence, or -1 with an exception.
    runs fn PySequence_Size(o: Ref) -> isize;
    /// `value in o`.
    runs fn PySequence_Contains(o: Ref, value: Ref) -> Status;
    /// `list(o)`.
    runs fn PySequence_List(o: Ref) -> Option<Owned>;
    /// `tuple(o)`.
    runs fn PySequence_Tuple(o: Ref) -> Option<Owned>;
    /// `list(o.items())`.
    runs fn PyMapping_Items(o: Ref) -> Option<Owned>;
    /// Whether `sq_item` exists: 1 or 0.
    quiet fn PySequence_Check(o: Ref) -> c_int;
    /// Whether `tp_iternext` exists: 1 or 0.
    quiet fn PyIter_Check(o: Ref) -> c_int;
    /// Calls with no arguments.
    runs fn PyObject_CallNoArgs(callable: Ref) -> Option<Owned>;
    /// Calls with one argument.
    runs fn PyObject_CallOneArg(callable: Ref, argument: Ref) -> Option<Owned>;
    /// Calls with an argument array; `nargsf` counts the positional ones, `names` is a tuple of the rest.
    runs fn PyObject_Vectorcall(callable: Ref, args: *const *mut PyObject, nargsf: usize, names: Option<Ref>) -> Option<Owned>;
    /// Calls a method; `args[0]` is the receiver.
    runs fn PyObject_VectorcallMethod(name: Ref, args: *const *mut PyObject, nargsf: usize, names: Option<Ref>) -> Option<Owned>;
    /// Calls with a tuple and an optional dict.
    runs fn PyObject_Call(callable: Ref, args: Ref, kwargs: Option<Ref>) -> Option<Owned>;
    /// Whether `derived` is `base` or below it: 1 or 0.
    quiet fn PyType_IsSubtype(derived: *mut PyTypeObject, base: *mut PyTypeObject) -> c_int;
    /// `Py_TPFLAGS_*` of a type.
    quiet fn PyType_GetFlags(class: *mut PyTypeObject) -> c_ulong;
    /// The last part of the dotted name.
    runs fn PyType_GetName(class: *mut PyTypeObject) -> Option<Owned>;
    /// How many bytes the class adds to its base.
    quiet fn PyType_GetTypeDataSize(class: *mut PyTypeObject) -> isize;
    /// Whether there is one reference only, which is the caller's: 1 or 0.
    quiet fn PyUnstable_Object_IsUniquelyReferenced(o: Ref) -> c_int;
    /// `weakref.ref(o, callback)`.
    runs fn PyWeakref_NewRef(o: Ref, callback: Option<Ref>) -> Option<Owned>;
    /// 1 and the referent, 0 and null when it is gone, -1 with an exception.
    quiet fn PyWeakref_GetRef(reference: Ref, result: *mut *mut PyObject) -> Status;
    /// `copy` of the attribute lookup on the type, as special methods are looked up; borrowed from the cache.
    runs fn PyObject_GetAttrString(o: Ref, name: *const c_char) -> Option<Owned>;
    /// `setattr` by a C string.
    runs fn PyObject_SetAttrString(o: Ref, name: *const c_char, value: Option<Ref>) -> Status;
    /// `o.__class_getitem__`-style alias.
    runs fn Py_GenericAlias(origin: Ref, arguments: Ref) -> Option<Owned>;
    /// `type(o).__format__(o, spec)`.
    runs fn PyObject_Format(o: Ref, spec: Option<Ref>) -> Option<Owned>;
}
