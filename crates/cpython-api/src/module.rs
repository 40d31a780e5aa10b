//! Modules: a typed state, tables built at compile time, multi-phase initialisation (PEP 489).
use std::cell::UnsafeCell;
use std::ffi::{CStr, c_int, c_void};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::ptr;
use std::sync::atomic::{AtomicU8, Ordering};

use cpython_ffi::raw::{self, PyModuleDef, PyModuleDef_Slot, PyObject};
use cpython_ffi::{Ref, calls};

use crate::error::{PyErr, PyResult};
use crate::exception::SystemError;
use crate::export::Export;
use crate::function::{FunctionDef, OfModule};
use crate::gc::{Traverse, Visit};
use crate::handle::{Borrowed, Bound};
use crate::interpreter::Interpreter;
use crate::thread::{self, ThreadState};
use crate::types::PyModule;
use crate::{ending, panic};

/// What a module keeps for each interpreter: exceptions, types, caches, interned strings.
///
/// Made by `exec`; seen by functions and methods through [`Module::state`]. A module without
/// state uses `()`.
pub trait ModuleState: Traverse + Send + Sync + Sized + 'static {
    /// Builds the state and adds what the module offers besides its functions.
    ///
    /// The module is typed, so that classes made for it find the state; it has none yet.
    ///
    /// # Errors
    /// Whatever building raises; then the import fails with it and nothing is kept.
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self>;
}

impl ModuleState for () {
    fn new<'py>(_ts: &mut ThreadState<'py>, _module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(())
    }
}

/// The module a function was called on, typed by its state.
pub struct Module<'a, 'py, S> {
    object: Borrowed<'a, 'py, PyModule>,
    _state: PhantomData<&'a S>,
}

impl<'a, 'py, S: ModuleState> Module<'a, 'py, S> {
    /// Types a module object.
    ///
    /// # Safety
    /// The object is a module made from a [`Definition<S>`], counted for `'a`.
    pub(crate) unsafe fn new(object: Borrowed<'a, 'py, PyModule>) -> Self {
        Self { object, _state: PhantomData }
    }

    /// The module object.
    pub fn object(&self) -> &Bound<'py, PyModule> {
        &self.object
    }

    /// The state.
    ///
    /// # Errors
    /// `SystemError` before initialisation is complete: functions exist, and can be called from
    /// Python, before `exec` has run.
    #[inline]
    pub fn state(&self) -> PyResult<&'a S> {
        // SAFETY: attached, as `checked` shows; a module of a `Definition<S>` has null or a `Cell<S>`.
        let cell =
            unsafe { calls::PyModule_GetState(self.object.checked()).cast::<Cell<S>>().as_ref() };
        match cell.and_then(Cell::get) {
            Some(state) => Ok(state),
            None => Err(not_ready(&self.object.token())),
        }
    }
}

/// What can be done with any module.
impl<'py, S> Deref for Module<'_, 'py, S> {
    type Target = Bound<'py, PyModule>;

    fn deref(&self) -> &Self::Target {
        &self.object
    }
}

#[cold]
fn not_ready(ts: &ThreadState<'_>) -> PyErr {
    SystemError::new(ts, "module is not initialized")
}

/// The memory that CPython gives a module for its state, zeroed at first.
///
/// # Invariants
/// `value` is initialised when `phase` is `READY`, and shared from then on until `DEAD`.
struct Cell<S> {
    phase: AtomicU8,
    value: UnsafeCell<MaybeUninit<S>>,
}

/// The phases. Zero is what CPython's zeroed memory means.
const EMPTY: u8 = 0;
const BUILDING: u8 = 1;
const READY: u8 = 2;
const DEAD: u8 = 3;

impl<S> Cell<S> {
    #[inline(always)]
    fn get(&self) -> Option<&S> {
        // SAFETY: initialised in this phase, by the invariant; it ends only when the module is
        // freed, which whoever lends the module prevents.
        (self.phase.load(Ordering::Acquire) == READY)
            .then(|| unsafe { (*self.value.get()).assume_init_ref() })
    }
}

/// A module's definition, to be a `static` that the `module!` macro makes.
///
/// # Invariants
/// `def` is written by C only, under C's own rules for multi-phase modules; its tables are
/// `'static`, and its functions expect a module whose state is a `Cell<S>`.
pub struct Definition<S: 'static> {
    def: UnsafeCell<PyModuleDef>,
    export: &'static Export<S>,
    facts: Facts,
}

// SAFETY: C synchronises its writes to a definition; Rust reads only `facts`.
unsafe impl<S: 'static> Sync for Definition<S> {}

/// What a module tells of itself through `_rust.modules()`.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The name it is imported by.
    pub name: &'static CStr,
    /// The version of the crate it is built from.
    pub version: &'static str,
    /// The C file it replaces, from CPython's root; empty when there is none.
    pub replaces: &'static str,
}

/// The functions of a module and the end mark that C expects behind them.
#[repr(C)]
pub struct Functions<S, const N: usize> {
    entries: [raw::PyMethodDef; N],
    end: raw::PyMethodDef,
    _state: PhantomData<fn() -> S>,
}

// SAFETY: never written after it is made; the pointers in it are `'static`.
unsafe impl<S, const N: usize> Sync for Functions<S, N> {}

impl<S: ModuleState, const N: usize> Functions<S, N> {
    /// The table of these functions.
    pub const fn new(functions: [FunctionDef<OfModule<S>>; N]) -> Self {
        let mut entries = [const { FunctionDef::<OfModule<S>>::END }; N];
        let mut i = 0;
        while i < N {
            entries[i] = functions[i].to_c();
            i += 1;
        }
        Self { entries, end: FunctionDef::<OfModule<S>>::END, _state: PhantomData }
    }
}

/// The initialisation slots of a module and the end mark.
#[repr(transparent)]
pub struct Slots<S>([PyModuleDef_Slot; 4], PhantomData<fn() -> S>);

// SAFETY: never written after it is made.
unsafe impl<S> Sync for Slots<S> {}

impl<S: ModuleState> Slots<S> {
    /// Run `exec`, support interpreters with their own GIL and free threading.
    #[expect(clippy::new_without_default, reason = "made in statics only")]
    pub const fn new() -> Self {
        const fn slot(slot: c_int, value: *mut c_void) -> PyModuleDef_Slot {
            PyModuleDef_Slot { slot, value }
        }
        Self(
            [
                slot(
                    raw::Py_mod_exec,
                    exec::<S> as unsafe extern "C" fn(*mut PyObject) -> c_int as *mut c_void,
                ),
                slot(raw::Py_mod_multiple_interpreters, raw::Py_MOD_PER_INTERPRETER_GIL_SUPPORTED),
                slot(raw::Py_mod_gil, raw::Py_MOD_GIL_NOT_USED),
                slot(0, ptr::null_mut()),
            ],
            PhantomData,
        )
    }
}

/// How many bytes of state C allocates for a module.
pub(crate) const fn state_size<S>() -> isize {
    const { assert!(align_of::<Cell<S>>() <= 16, "CPython aligns module state to 16 bytes") };
    size_of::<Cell<S>>() as isize
}

impl<S: ModuleState> Definition<S> {
    /// A definition over static tables.
    pub const fn new<const N: usize>(
        facts: Facts,
        doc: &'static CStr,
        functions: &'static Functions<S, N>,
        slots: &'static Slots<S>,
        export: &'static Export<S>,
    ) -> Self {
        // SAFETY: a C struct of numbers and pointers, for which zero is C's own initial value.
        let mut def: PyModuleDef = unsafe { std::mem::zeroed() };
        // `PyModuleDef_HEAD_INIT`: a static, immortal object; `PyModuleDef_Init` gives it its type.
        def.m_base = raw::PyModuleDef_HEAD_INIT;
        def.m_name = facts.name.as_ptr();
        def.m_doc = doc.as_ptr();
        def.m_size = state_size::<S>();
        def.m_methods = ptr::from_ref(functions).cast_mut().cast();
        def.m_slots = ptr::from_ref(slots).cast_mut().cast();
        def.m_traverse = Some(traverse::<S>);
        def.m_clear = Some(clear::<S>);
        def.m_free = Some(free::<S>);
        Self { def: UnsafeCell::new(def), export, facts }
    }

    /// What the module tells of itself.
    pub const fn facts(&'static self) -> Facts {
        self.facts
    }

    /// What `PyInit_<name>` returns: the definition, or null with an exception.
    pub fn init(&'static self) -> *mut PyObject {
        if !prepare() {
            return ptr::null_mut();
        }
        // SAFETY: attached; C owns the definition from here on.
        unsafe { calls::PyModuleDef_Init(self.def.get()) }
    }

    /// What `PyModExport_<name>` returns: the slots, or null with an exception.
    pub fn export(&'static self) -> *mut raw::PySlot {
        if prepare() { self.export.as_ptr() } else { ptr::null_mut() }
    }
}

/// Makes sure of the interpreter's cell, so that it exists before any function of a module does.
fn prepare() -> bool {
    // SAFETY: the current thread state is attached.
    thread::current().is_some_and(|raw| unsafe { Interpreter::ensure(raw) })
}

/// The `Py_mod_exec` slot: builds the state once.
pub(crate) unsafe extern "C" fn exec<S: ModuleState>(module: *mut PyObject) -> c_int {
    panic::guard(-1, || {
        // SAFETY: C calls this attached, with a live module made from a `Definition<S>`, which it
        // keeps alive; the token and the handle do not leave this call.
        let (mut ts, module, cell) = unsafe {
            let (Some(raw), Some(module)) = (thread::current(), Ref::from_ptr(module)) else {
                return -1;
            };
            // C has called the init function in the main interpreter, perhaps not in this one.
            if !Interpreter::ensure(raw) {
                return -1;
            }
            let cell = calls::PyModule_GetState(module).cast::<Cell<S>>().as_ref();
            (ThreadState::from_raw(raw), Borrowed::<PyModule>::new(raw, module.as_non_null()), cell)
        };
        let built = match cell {
            Some(cell)
                if cell
                    .phase
                    .compare_exchange(EMPTY, BUILDING, Ordering::Acquire, Ordering::Relaxed)
                    .is_ok() =>
            {
                build(&mut ts, &module, cell)
            }
            _ => Err(SystemError::new(&ts, "module is initialized already")),
        };
        match built {
            Ok(()) => 0,
            Err(error) => {
                // SAFETY: attached.
                unsafe { error.restore(&ts) };
                -1
            }
        }
    })
}

/// Builds the state; a failure (or a panic) leaves the cell empty again.
fn build<S: ModuleState>(
    ts: &mut ThreadState<'_>,
    module: &Bound<'_, PyModule>,
    cell: &Cell<S>,
) -> PyResult<()> {
    struct Reset<'a>(&'a AtomicU8);
    impl Drop for Reset<'_> {
        fn drop(&mut self) {
            self.0.store(EMPTY, Ordering::Release);
        }
    }
    let reset = Reset(&cell.phase);
    // SAFETY: the handle's brand is cut down to this call's token; the cell shows that the module
    // is one of `S`.
    let module = unsafe {
        Module::<S>::new(Borrowed::new(module.state(), module.reference().as_non_null()))
    };
    ending::watch(ts)?;
    let state = S::new(ts, &module)?;
    // SAFETY: in the phase BUILDING nobody else touches the value.
    unsafe { (*cell.value.get()).write(state) };
    std::mem::forget(reset);
    // INVARIANT: initialised above.
    cell.phase.store(READY, Ordering::Release);
    Ok(())
}

/// The cell of a module, from the collector or the destructor.
///
/// # Safety
/// `module` is a module made from a `Definition<S>`.
unsafe fn cell_during_gc<'a, S>(module: *mut c_void) -> Option<&'a Cell<S>> {
    // SAFETY: allowed during a collection; null or a `Cell<S>`.
    unsafe { calls::PyModule_GetState_DuringGC(module.cast()).cast::<Cell<S>>().as_ref() }
}

pub(crate) unsafe extern "C" fn traverse<S: ModuleState>(
    module: *mut PyObject,
    visit: raw::visitproc,
    argument: *mut c_void,
) -> c_int {
    panic::guard_fatal(c"a traverse function panicked", || {
        // SAFETY: C passes a module of this definition, a visitor and its argument.
        let (cell, visit) =
            unsafe { (cell_during_gc::<S>(module.cast()), Visit::from_c(visit, argument)) };
        match (cell.and_then(Cell::get), visit) {
            (Some(state), Some(mut visit)) => {
                state.traverse(&mut visit).break_value().map_or(0, |stop| stop.0)
            }
            _ => 0,
        }
    })
}

/// Lets go of what is behind locks in the state.
pub(crate) unsafe extern "C" fn clear<S: ModuleState>(module: *mut PyObject) -> c_int {
    panic::guard_unraisable(|| {
        // SAFETY: C passes a module of this definition, which it keeps alive meanwhile, attached.
        if let Some(state) = unsafe { cell_during_gc::<S>(module.cast()) }.and_then(Cell::get) {
            state.clear();
        }
    });
    0
}

pub(crate) unsafe extern "C" fn free<S: ModuleState>(module: *mut c_void) {
    // SAFETY: C passes a module of this definition, which nobody else can reach any more.
    let Some(cell) = (unsafe { cell_during_gc::<S>(module) }) else { return };
    if cell.phase.swap(DEAD, Ordering::AcqRel) == READY {
        crate::error::preserve_pending(|| {
            // SAFETY: initialised in the phase READY; nobody can see it from DEAD on.
            panic::guard_unraisable(|| unsafe { (*cell.value.get()).assume_init_drop() });
        });
    }
}
