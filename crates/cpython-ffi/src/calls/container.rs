//! `list`, `tuple`, `dict`, `set`: `listobject.h`, `tupleobject.h`, `dictobject.h`, `setobject.h`.
use std::ffi::c_int;

use cpython_sys::PyObject;

use crate::{Owned, Ref, Status};

contracts! {
    /// A `list` of `length` empty places, to be filled with `PyList_SetItem` before anybody sees it.
    runs fn PyList_New(length: isize) -> Option<Owned>;
    /// A counted item; out of range is an `IndexError`.
    quiet fn PyList_GetItemRef(list: Ref, i: isize) -> Option<Owned>;
    /// Puts an item, which is stolen also on failure; releases the old one.
    runs fn PyList_SetItem(list: Ref, i: isize, item: Owned) -> Status;
    /// `list.append(item)`.
    quiet fn PyList_Append(list: Ref, item: Ref) -> Status;
    /// `list.insert(i, item)`.
    quiet fn PyList_Insert(list: Ref, i: isize, item: Ref) -> Status;
    /// `list.extend(iterable)`.
    runs fn PyList_Extend(list: Ref, iterable: Ref) -> Status;
    /// `len(list)`.
    quiet fn PyList_Size(list: Ref) -> isize;
    /// `tuple(list)`.
    runs fn PyList_AsTuple(list: Ref) -> Option<Owned>;
    /// `list[low:high] = items`; a null deletes.
    runs fn PyList_SetSlice(list: Ref, low: isize, high: isize, items: Option<Ref>) -> Status;
    /// `list.sort()`.
    runs fn PyList_Sort(list: Ref) -> Status;
    /// A `tuple` of counted copies of an array.
    runs fn PyTuple_FromArray(items: *const *mut PyObject, length: isize) -> Option<Owned>;
    /// A `tuple` of `length` empty places, to be filled before anybody sees it.
    runs fn PyTuple_New(length: isize) -> Option<Owned>;
    /// `len(tuple)`.
    quiet fn PyTuple_Size(tuple: Ref) -> isize;
    /// `tuple[low:high]`.
    runs fn PyTuple_GetSlice(tuple: Ref, low: isize, high: isize) -> Option<Owned>;
    /// An empty `dict`.
    runs fn PyDict_New() -> Option<Owned>;
    /// 1 and a counted value, 0 and null, or -1 with an exception.
    runs fn PyDict_GetItemRef(dict: Ref, key: Ref, result: *mut *mut PyObject) -> Status;
    /// `dict[key] = value`.
    runs fn PyDict_SetItem(dict: Ref, key: Ref, value: Ref) -> Status;
    /// `dict.setdefault(key, default)`: 1 when it was there, 0 when inserted, -1 with an exception.
    runs fn PyDict_SetDefaultRef(dict: Ref, key: Ref, default: Ref, result: *mut *mut PyObject) -> Status;
    /// `del dict[key]`.
    runs fn PyDict_DelItem(dict: Ref, key: Ref) -> Status;
    /// `dict.pop(key)`: 1 and the value, 0 and null, or -1 with an exception.
    runs fn PyDict_Pop(dict: Ref, key: Ref, result: *mut *mut PyObject) -> Status;
    /// `key in dict`.
    runs fn PyDict_Contains(dict: Ref, key: Ref) -> Status;
    /// `len(dict)`.
    quiet fn PyDict_Size(dict: Ref) -> isize;
    /// The next pair, borrowed; 0 at the end. The dict must not change meanwhile.
    quiet fn PyDict_Next(dict: Ref, position: *mut isize, key: *mut *mut PyObject, value: *mut *mut PyObject) -> c_int;
    /// `list(dict.keys())`.
    runs fn PyDict_Keys(dict: Ref) -> Option<Owned>;
    /// `list(dict.values())`.
    runs fn PyDict_Values(dict: Ref) -> Option<Owned>;
    /// `list(dict.items())`.
    runs fn PyDict_Items(dict: Ref) -> Option<Owned>;
    /// `dict.copy()`.
    runs fn PyDict_Copy(dict: Ref) -> Option<Owned>;
    /// `dict.clear()`.
    runs fn PyDict_Clear(dict: Ref) -> ();
    /// `set(iterable)`, empty for null.
    runs fn PySet_New(iterable: Option<Ref>) -> Option<Owned>;
    /// `frozenset(iterable)`, empty for null.
    runs fn PyFrozenSet_New(iterable: Option<Ref>) -> Option<Owned>;
    /// `set.add(key)`.
    runs fn PySet_Add(set: Ref, key: Ref) -> Status;
    /// `key in set`.
    runs fn PySet_Contains(set: Ref, key: Ref) -> Status;
    /// `set.discard(key)`: 1 when it was there, 0 when not.
    runs fn PySet_Discard(set: Ref, key: Ref) -> Status;
    /// `len(set)`, or -1 with an exception.
    quiet fn PySet_Size(set: Ref) -> isize;
}
