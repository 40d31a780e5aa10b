//! What C calls: one entry for each calling convention, all through [`enter`].
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use std::slice;

use cpython_ffi::raw::{self, PyObject, PyThreadState};
use cpython_ffi::{Ref, calls, fast as objects};

use super::{Call, Function, MOST_FLOATS, Places, Receiver, attached_state};
use crate::error::{PyErr, PyResult};
use crate::parameters::{self, Given};
use crate::thread::{self, ThreadState};
use crate::{interpreter, panic};

/// `METH_NOARGS`, and getters.
pub(crate) unsafe extern "C" fn noargs<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    _: *mut PyObject,
) -> *mut PyObject {
    const { assert!(F::PARAMETERS.places() == 0) };
    // SAFETY: C passes a live receiver, attached.
    unsafe { enter::<W, F>(receiver, || Ok(F::Places::EMPTY)) }
}

/// `METH_O`, and setters.
pub(crate) unsafe extern "C" fn one<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    argument: *mut PyObject,
) -> *mut PyObject {
    const { assert!(F::PARAMETERS.places() == 1) };
    // SAFETY: C passes a live receiver and argument, attached.
    unsafe {
        enter::<W, F>(receiver, || {
            let mut places = F::Places::EMPTY;
            places.as_mut()[0] = argument;
            Ok(places)
        })
    }
}

/// `METH_FASTCALL`.
pub(crate) unsafe extern "C" fn fast<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    arguments: *const *mut PyObject,
    count: isize,
) -> *mut PyObject {
    const { assert!(F::PARAMETERS.positional == F::PARAMETERS.names.len()) };
    const { assert!(!F::PARAMETERS.more_keywords) };
    // SAFETY: C passes a live receiver and `count` live arguments, attached.
    unsafe {
        enter::<W, F>(receiver, || parameters::positional(F::PARAMETERS, array(arguments, count)))
    }
}

/// `METH_FASTCALL | METH_KEYWORDS`.
pub(crate) unsafe extern "C" fn fast_keywords<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    arguments: *const *mut PyObject,
    count: isize,
    names: *mut PyObject,
) -> *mut PyObject {
    const { assert!(!F::PARAMETERS.more_keywords) };
    // SAFETY: C passes a live receiver, `count` live arguments and those of the names, attached.
    unsafe {
        enter::<W, F>(receiver, || {
            let positional = array(arguments, count);
            if const { F::PARAMETERS.takes_no_keywords() } {
                let named = Ref::from_ptr(names).map(|n| raw::PyTuple_GET_SIZE(n.as_ptr()));
                let named = named.unwrap_or(0) as usize;
                return parameters::without_keywords(F::PARAMETERS, positional, named);
            }
            let Some(names) = Ref::from_ptr(names) else {
                return parameters::with_keywords(F::PARAMETERS, positional, Given::Nothing);
            };
            let named = array(arguments.offset(count), raw::PyTuple_GET_SIZE(names.as_ptr()));
            let given = Given::stack(names, named);
            parameters::with_keywords(F::PARAMETERS, positional, given)
        })
    }
}

/// `METH_VARARGS | METH_KEYWORDS`, and constructors.
pub(crate) unsafe extern "C" fn tuple<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: C passes a live receiver, a live tuple, and a live dict or null, attached.
    unsafe {
        let enter = |keywords| {
            enter::<W, F>(receiver, || {
                let arguments = Ref::new(NonNull::new_unchecked(arguments));
                parameters::from_tuple(F::PARAMETERS, arguments, keywords)
            })
        };
        match Ref::from_ptr(keywords) {
            // `_thread.start_new_thread` passes on a dict that other threads go on changing.
            Some(shared) if raw::GIL_DISABLED && raw::Py_REFCNT(keywords) > 1 => {
                let Some(own) = calls::PyDict_Copy(shared) else { return ptr::null_mut() };
                let result = enter(Some(own.as_ref()));
                own.release();
                result
            }
            keywords => enter(keywords),
        }
    }
}

/// `METH_VARARGS`.
pub(crate) unsafe extern "C" fn plain_tuple<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    arguments: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: C passes a live receiver and a live tuple, attached; without keywords, null.
    unsafe { tuple::<W, F>(receiver, arguments, ptr::null_mut()) }
}

/// A C array as a slice.
///
/// # Safety
/// `start` points to `count` pointers that live for `'a`, or `count` is zero.
#[inline(always)]
unsafe fn array<'a>(start: *const *mut PyObject, count: isize) -> &'a [*mut PyObject] {
    if count == 0 {
        return &[];
    }
    // SAFETY: by the caller's word.
    unsafe { slice::from_raw_parts(start, count as usize) }
}

/// The one way in: sort the arguments, count them, call, convert, and keep panics on this side.
///
/// # Safety
/// Called by C, attached; `receiver` and the places that `sort` gives are alive at entry, and those of
/// parameters that must be given are not null.
#[inline(always)]
unsafe fn enter<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    sort: impl FnOnce() -> PyResult<F::Places>,
) -> *mut PyObject {
    const { assert!(F::PARAMETERS.fit(size_of::<F::Places>() / size_of::<*mut PyObject>())) };
    panic::guard(ptr::null_mut(), || {
        let receiver = if W::ABSENT { raw::Py_None() } else { receiver };
        let places = match sort() {
            Ok(places) => places,
            Err(error) => return raise(error, None),
        };
        // SAFETY: alive at entry.
        let floats = unsafe { floats_of::<W, F>(places.as_ref()) };
        // SAFETY: alive at entry; attached.
        let counted = unsafe { Counted::<W, F>::new(receiver, places, floats.is_none()) };
        let state = Counted::<W, F>::TOUCHES.then(thread::current).flatten();
        if let Some(state) = state {
            interpreter::drain(state);
        }
        // INVARIANT: counted for `'a` when there is a state, the receiver also when `W` says so; sorted. Places
        // that are not counted are not shown.
        let outcome = F::call(Call {
            // SAFETY: C passes a live receiver, or none at all.
            receiver: unsafe { Ref::from_ptr(counted.receiver).filter(|_| F::USES_RECEIVER) },
            places: if floats.is_none() { counted.places.as_ref() } else { &[] },
            state,
            floats,
            parameters: F::PARAMETERS,
            _brand: PhantomData,
            _receiver: PhantomData,
        });
        counted.give_back();
        match outcome {
            Ok(outcome) => outcome.into_ptr(),
            Err(error) => raise(error, state),
        }
    })
}

/// The values of the arguments, when all are exact floats and the function wants no more of them.
///
/// # Safety
/// Those that are not null are alive.
#[inline(always)]
unsafe fn floats_of<W: Receiver, F: Function<W>>(
    places: &[*mut PyObject],
) -> Option<[f64; MOST_FLOATS]> {
    if !F::READS_FLOATS || places.len() > MOST_FLOATS || F::PARAMETERS.owned_places() > 0 {
        return None;
    }
    let mut floats = [0.0; MOST_FLOATS];
    for (&place, float) in places.iter().zip(&mut floats) {
        // SAFETY: alive by the caller's word; a `float`, as is checked.
        unsafe {
            if !objects::is_exactly(Ref::from_ptr(place)?, &raw mut raw::PyFloat_Type) {
                return None;
            }
            *float = raw::PyFloat_AS_DOUBLE(place);
        }
    }
    Some(floats)
}

/// Makes the error the pending one; null for C.
#[cold]
fn raise(error: PyErr, state: Option<NonNull<PyThreadState>>) -> *mut PyObject {
    // SAFETY: called at the end of a call from C, attached; the token does not leave this call.
    unsafe { error.restore(&ThreadState::from_raw(state.unwrap_or_else(attached_state))) }
    ptr::null_mut()
}

/// Our own references on receiver and arguments: some C callers let go of them during the call.
struct Counted<W: Receiver, F: Function<W>> {
    receiver: *mut PyObject,
    places: F::Places,
    /// Whether the arguments are counted.
    with_places: bool,
    _types: PhantomData<fn() -> (W, F)>,
}

impl<W: Receiver, F: Function<W>> Counted<W, F> {
    /// Whether the token is fetched, and everything counted.
    const TOUCHES: bool = F::TOUCHES_PYTHON || F::PARAMETERS.owned_places() > 0;
    /// Whether the receiver is counted.
    const COUNTS: bool = F::USES_RECEIVER && (Self::TOUCHES || W::COUNTED);

    /// Counts the receiver and the arguments that C lends; `*args` and `**kwargs` are ours already.
    ///
    /// # Safety
    /// All that is not null is live, what must be given is not null, and the thread is attached
    /// until the drop.
    #[inline(always)]
    unsafe fn new(receiver: *mut PyObject, places: F::Places, with_places: bool) -> Self {
        let with_places = with_places && Self::TOUCHES;
        if Self::COUNTS {
            // SAFETY: live and attached by the caller's word.
            unsafe { raw::Py_INCREF(receiver) };
        }
        if with_places {
            let lent = places.as_ref().iter().enumerate().take(F::PARAMETERS.names.len());
            lent.for_each(|(i, &place)| {
                if F::PARAMETERS.must_be_given(i) || !place.is_null() {
                    // SAFETY: live and attached by the caller's word.
                    unsafe { raw::Py_INCREF(place) };
                }
            });
        }
        Self { receiver, places, with_places, _types: PhantomData }
    }
}

impl<W: Receiver, F: Function<W>> Counted<W, F> {
    /// Gives the references back where the call returns: here, and not in a destructor shared with panics.
    #[inline(always)]
    fn give_back(self) {
        let mut this = ManuallyDrop::new(self);
        this.release();
    }

    /// Gives the references back.
    #[inline(always)]
    fn release(&mut self) {
        if self.with_places {
            self.places.as_ref().iter().enumerate().for_each(|(i, &place)| {
                if F::PARAMETERS.must_be_given(i) || !place.is_null() {
                    // SAFETY: counted in `new`; attached by its caller's word.
                    unsafe { raw::Py_DECREF(place) };
                }
            });
        }
        if Self::COUNTS {
            // SAFETY: counted in `new`; attached by its caller's word.
            unsafe { raw::Py_DECREF(self.receiver) };
        }
    }
}

/// Unwinding from a panic.
impl<W: Receiver, F: Function<W>> Drop for Counted<W, F> {
    #[cold]
    fn drop(&mut self) {
        self.release();
    }
}
