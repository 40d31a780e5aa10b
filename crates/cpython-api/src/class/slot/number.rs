//! Slots of numbers.
//!
//! C calls the slot of a binary operator with the operands in their order, when either is an
//! instance. So both are any objects; `None` is `NotImplemented`.
use std::ffi::c_int;
use std::ptr;

use cpython_ffi::raw::{self, PyObject};

use super::{Slot, argument, enter, give, give_or_not_implemented, receiver, slots};
use crate::class::Class;
use crate::error::PyResult;
use crate::handle::Bound;
use crate::thread::ThreadState;
use crate::types::PyAny;

slots! {
    {
        fn(left: &Bound<'py, PyAny>, right: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>>,
        from C binaryfunc(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject,
        failing with ptr::null_mut(),
        by |T, ts, work| {
            let (left, right) = (argument(ts, left), argument(ts, right));
            Ok(give_or_not_implemented(work(ts, &left, &right)?))
        }
    }

    /// `left + right`.
    NbAdd::nb_add = Py_nb_add;
    /// `left - right`.
    NbSubtract::nb_subtract = Py_nb_subtract;
    /// `left * right`.
    NbMultiply::nb_multiply = Py_nb_multiply;
    /// `left @ right`.
    NbMatrixMultiply::nb_matrix_multiply = Py_nb_matrix_multiply;
    /// `left / right`.
    NbTrueDivide::nb_true_divide = Py_nb_true_divide;
    /// `left // right`.
    NbFloorDivide::nb_floor_divide = Py_nb_floor_divide;
    /// `left % right`.
    NbRemainder::nb_remainder = Py_nb_remainder;
    /// `divmod(left, right)`.
    NbDivmod::nb_divmod = Py_nb_divmod;
    /// `left << right`.
    NbLshift::nb_lshift = Py_nb_lshift;
    /// `left >> right`.
    NbRshift::nb_rshift = Py_nb_rshift;
    /// `left & right`.
    NbAnd::nb_and = Py_nb_and;
    /// `left ^ right`.
    NbXor::nb_xor = Py_nb_xor;
    /// `left | right`.
    NbOr::nb_or = Py_nb_or;
}

slots! {
    {
        fn(this: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>>,
        from C binaryfunc(this: *mut PyObject, other: *mut PyObject) -> *mut PyObject,
        failing with ptr::null_mut(),
        by |T, ts, work| {
            let this = receiver(ts, this)?;
            Ok(give_or_not_implemented(work(ts, &this, &argument(ts, other))?))
        }
    }

    /// `this += other`.
    NbInplaceAdd::nb_inplace_add = Py_nb_inplace_add;
    /// `this -= other`.
    NbInplaceSubtract::nb_inplace_subtract = Py_nb_inplace_subtract;
    /// `this *= other`.
    NbInplaceMultiply::nb_inplace_multiply = Py_nb_inplace_multiply;
    /// `this @= other`.
    NbInplaceMatrixMultiply::nb_inplace_matrix_multiply = Py_nb_inplace_matrix_multiply;
    /// `this /= other`.
    NbInplaceTrueDivide::nb_inplace_true_divide = Py_nb_inplace_true_divide;
    /// `this //= other`.
    NbInplaceFloorDivide::nb_inplace_floor_divide = Py_nb_inplace_floor_divide;
    /// `this %= other`.
    NbInplaceRemainder::nb_inplace_remainder = Py_nb_inplace_remainder;
    /// `this <<= other`.
    NbInplaceLshift::nb_inplace_lshift = Py_nb_inplace_lshift;
    /// `this >>= other`.
    NbInplaceRshift::nb_inplace_rshift = Py_nb_inplace_rshift;
    /// `this &= other`.
    NbInplaceAnd::nb_inplace_and = Py_nb_inplace_and;
    /// `this ^= other`.
    NbInplaceXor::nb_inplace_xor = Py_nb_inplace_xor;
    /// `this |= other`.
    NbInplaceOr::nb_inplace_or = Py_nb_inplace_or;
}

slots! {
    {
        fn(
            base: &Bound<'py, PyAny>,
            exponent: &Bound<'py, PyAny>,
            modulus: &Bound<'py, PyAny>
        ) -> Option<Bound<'py, PyAny>>,
        from C ternaryfunc(base: *mut PyObject, exponent: *mut PyObject, modulus: *mut PyObject) -> *mut PyObject,
        failing with ptr::null_mut(),
        by |T, ts, work| {
            let (base, exponent) = (argument(ts, base), argument(ts, exponent));
            let modulus = argument(ts, modulus);
            Ok(give_or_not_implemented(work(ts, &base, &exponent, &modulus)?))
        }
    }

    /// `pow(base, exponent, modulus)`; `**` passes `None` for the modulus.
    NbPower::nb_power = Py_nb_power;
    /// `base **= exponent`; the modulus is `None`.
    NbInplacePower::nb_inplace_power = Py_nb_inplace_power;
}

slots! {
    {
        fn(this: &Bound<'py, Self>) -> Bound<'py, PyAny>,
        from C unaryfunc(this: *mut PyObject) -> *mut PyObject, failing with ptr::null_mut(),
        by |T, ts, work| Ok(give(work(ts, &receiver(ts, this)?)?))
    }

    /// `-this`.
    NbNegative::nb_negative = Py_nb_negative;
    /// `+this`.
    NbPositive::nb_positive = Py_nb_positive;
    /// `abs(this)`.
    NbAbsolute::nb_absolute = Py_nb_absolute;
    /// `~this`.
    NbInvert::nb_invert = Py_nb_invert;
    /// `int(this)`.
    NbInt::nb_int = Py_nb_int;
    /// `float(this)`.
    NbFloat::nb_float = Py_nb_float;
    /// `operator.index(this)`.
    NbIndex::nb_index = Py_nb_index;
}

slots! {
    {
        fn(this: &Bound<'py, Self>) -> bool,
        from C inquiry(this: *mut PyObject) -> c_int, failing with -1,
        by |T, ts, work| Ok(c_int::from(work(ts, &receiver(ts, this)?)?))
    }

    /// `bool(this)`.
    NbBool::nb_bool = Py_nb_bool;
}
