//! Numbers: `longobject.h`, `floatobject.h`, `boolobject.h` and the number part of `abstract.h`.
use std::ffi::{c_char, c_double, c_int, c_long, c_ulong, c_void};

use cpython_sys::PyObject;

use crate::{Owned, Ref};

contracts! {
    /// An `int` from a `long`.
    quiet fn PyLong_FromLong(value: c_long) -> Option<Owned>;
    /// An `int` from 64 bits.
    quiet fn PyLong_FromInt64(value: i64) -> Option<Owned>;
    /// An `int` from 64 bits without a sign.
    quiet fn PyLong_FromUInt64(value: u64) -> Option<Owned>;
    /// An `int` from a `Py_ssize_t`.
    quiet fn PyLong_FromSsize_t(value: isize) -> Option<Owned>;
    /// An `int` from a `size_t`.
    quiet fn PyLong_FromSize_t(value: usize) -> Option<Owned>;
    /// An `int` from an `unsigned long`.
    quiet fn PyLong_FromUnsignedLong(value: c_ulong) -> Option<Owned>;
    /// `int(text, base)` of a C string; without `*end` all of it must be the number.
    runs fn PyLong_FromString(text: *const c_char, end: *mut *mut c_char, base: c_int) -> Option<Owned>;
    /// An `int` from `n` bytes in two's complement.
    quiet fn PyLong_FromNativeBytes(buffer: *const c_void, n: usize, flags: c_int) -> Option<Owned>;
    /// An `int` from `n` bytes of magnitude.
    quiet fn PyLong_FromUnsignedNativeBytes(buffer: *const c_void, n: usize, flags: c_int) -> Option<Owned>;
    /// Fills `n` bytes; returns how many are needed, or -1 with an exception.
    runs fn PyLong_AsNativeBytes(o: Ref, buffer: *mut c_void, n: isize, flags: c_int) -> isize;
    /// As a C `int`; -1 with an exception when it does not fit. Uses `__index__`.
    runs fn PyLong_AsInt(o: Ref) -> c_int;
    /// As a `long`; -1 with an exception when it does not fit. Uses `__index__`.
    runs fn PyLong_AsLong(o: Ref) -> c_long;
    /// As a `long`, reporting overflow in `*overflow` instead of raising.
    runs fn PyLong_AsLongAndOverflow(o: Ref, overflow: *mut c_int) -> c_long;
    /// As a `Py_ssize_t`; no `__index__`.
    quiet fn PyLong_AsSsize_t(o: Ref) -> isize;
    /// As a `size_t`; no `__index__`.
    quiet fn PyLong_AsSize_t(o: Ref) -> usize;
    /// As an `unsigned long`; no `__index__`.
    quiet fn PyLong_AsUnsignedLong(o: Ref) -> c_ulong;
    /// The value modulo 2**64; uses `__index__`.
    runs fn PyLong_AsUnsignedLongMask(o: Ref) -> c_ulong;
    /// As a `double`; -1.0 with an exception when too large.
    quiet fn PyLong_AsDouble(o: Ref) -> c_double;
    /// `operator.index(o)`.
    runs fn PyNumber_Index(o: Ref) -> Option<Owned>;
    /// `operator.index(o)` as a `Py_ssize_t`; a null exception clips instead of raising.
    runs fn PyNumber_AsSsize_t(o: Ref, exception: *mut PyObject) -> isize;
    /// `int(o)`.
    runs fn PyNumber_Long(o: Ref) -> Option<Owned>;
    /// `float(o)`.
    runs fn PyNumber_Float(o: Ref) -> Option<Owned>;
    /// Whether `__index__`, `__int__` or `__float__` exists, or it is a `complex`: 1 or 0.
    quiet fn PyNumber_Check(o: Ref) -> c_int;
    /// Whether `__index__` exists: 1 or 0.
    quiet fn PyIndex_Check(o: Ref) -> c_int;
    /// `a + b`.
    runs fn PyNumber_Add(a: Ref, b: Ref) -> Option<Owned>;
    /// `a - b`.
    runs fn PyNumber_Subtract(a: Ref, b: Ref) -> Option<Owned>;
    /// `a * b`.
    runs fn PyNumber_Multiply(a: Ref, b: Ref) -> Option<Owned>;
    /// `a // b`.
    runs fn PyNumber_FloorDivide(a: Ref, b: Ref) -> Option<Owned>;
    /// `a % b`.
    runs fn PyNumber_Remainder(a: Ref, b: Ref) -> Option<Owned>;
    /// `-a`.
    runs fn PyNumber_Negative(a: Ref) -> Option<Owned>;
    /// `abs(a)`.
    runs fn PyNumber_Absolute(a: Ref) -> Option<Owned>;
    /// The digits in base 2, 8, 10 or 16, with the prefix of the base.
    runs fn PyNumber_ToBase(o: Ref, base: c_int) -> Option<Owned>;
    /// A `float`.
    quiet fn PyFloat_FromDouble(value: c_double) -> Option<Owned>;
    /// As a `double`, by `__float__` or `__index__`; -1.0 with an exception.
    runs fn PyFloat_AsDouble(o: Ref) -> c_double;
    /// `float(str)`.
    runs fn PyFloat_FromString(o: Ref) -> Option<Owned>;
}
