//! An interpreter to run tests in: [`World`], and what tests do to objects as C would.
use std::ptr;
use std::sync::atomic::Ordering;

use cpython_ffi::raw::{self, PyObject, PyThreadState};

use super::thread::{self, Interpreter, lock};
use super::{collector, error, memory, module};

/// An interpreter. One that is not ended is left alone: then its test has failed.
pub(crate) struct World {
    interpreter: *mut Interpreter,
    state: *mut PyThreadState,
}

/// An object as C has it: counted as long as the test says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Object(pub(crate) *mut PyObject);

impl World {
    pub(crate) fn new() -> Self {
        let interpreter = Interpreter::begin();
        Self { interpreter, state: thread::new_state(interpreter) }
    }

    /// Runs `work` attached to this interpreter, and to what it was attached to afterwards.
    pub(crate) fn attached<R>(&self, work: impl FnOnce() -> R) -> R {
        struct Back(*mut PyThreadState);
        impl Drop for Back {
            fn drop(&mut self) {
                thread::detach();
                if !self.0.is_null() {
                    // SAFETY: it was attached before.
                    unsafe { thread::attach(self.0) };
                }
            }
        }
        let former = if thread::current().is_null() { ptr::null_mut() } else { thread::detach() };
        // SAFETY: this world's thread state, which one thread at a time uses.
        unsafe { thread::attach(self.state) };
        let _back = Back(former);
        work()
    }

    /// A module that has not been executed, from what its init function returns.
    pub(crate) fn create(&self, definition: *mut PyObject) -> Object {
        // SAFETY: attached; what `PyModuleDef_Init` has returned.
        self.attached(|| unsafe { Object(module::create(definition.cast())) })
    }

    /// Executes a module.
    pub(crate) fn execute(&self, module: Object) -> Result<(), String> {
        // SAFETY: attached; a live module.
        self.attached(|| unsafe {
            match module::execute(module.0) {
                0 => Ok(()),
                _ => Err(error::take().expect("an exception")),
            }
        })
    }

    /// Calls a function of a module or a method of an instance, without arguments.
    pub(crate) fn call(&self, receiver: Object, name: &str) -> Result<Object, String> {
        self.call_method_of(receiver, name, receiver)
    }

    /// Calls what `owner` has under this name on another receiver, which a descriptor of Python's would refuse.
    pub(crate) fn call_method_of(
        &self,
        owner: Object,
        name: &str,
        receiver: Object,
    ) -> Result<Object, String> {
        // SAFETY: attached; a live module or instance, whose class has tables with end marks.
        self.attached(|| unsafe {
            let class = raw::Py_TYPE(owner.0);
            let table = match raw::PyModule_Check(owner.0) {
                0 => (*class).tp_methods.cast_const(),
                _ => module::functions(owner.0),
            };
            let entry = module::find(table, name).expect("a function of this name");
            assert_eq!(entry.ml_flags, raw::METH_NOARGS, "the model calls without arguments");
            let result = (entry.ml_meth.expect("a function"))(receiver.0, ptr::null_mut());
            if result.is_null() {
                return Err(error::take().expect("an exception"));
            }
            Ok(Object(result))
        })
    }

    /// What a short `int` says; its count is given up.
    pub(crate) fn number(&self, int: Object) -> isize {
        // SAFETY: attached; a live `int`, whose count the test has.
        let number = self.attached(|| unsafe { raw::PyUnstable_Long_CompactValue(int.0.cast()) });
        self.release(int);
        number
    }

    /// Gives up a count.
    pub(crate) fn release(&self, object: Object) {
        // SAFETY: attached; the test gives the count up.
        self.attached(|| unsafe { raw::Py_DECREF(object.0) });
    }

    /// What an object shows the collector.
    pub(crate) fn referents(&self, object: Object) -> Vec<Object> {
        // SAFETY: attached; a live object.
        self.attached(|| unsafe {
            collector::referents(object.0).into_iter().map(Object).collect()
        })
    }

    /// Collects garbage; how many objects were cleared.
    pub(crate) fn collect(&self) -> usize {
        // SAFETY: attached.
        self.attached(|| unsafe { collector::collect() })
    }

    /// Ends the interpreter as CPython does, and complains of objects that are left.
    pub(crate) fn end(self) {
        assert_eq!(self.end_with_objects(), 0, "objects are left");
    }

    /// The same; how many objects are left, which leak.
    ///
    /// Modules are gone before the hooks of `PyUnstable_AtExit` are called.
    pub(crate) fn end_with_objects(self) -> isize {
        let Self { interpreter, state } = self;
        self.attached(|| {
            // SAFETY: attached; what is registered is counted; the hooks are called with their data.
            unsafe {
                let registered = std::mem::take(&mut *lock(&(*interpreter).registered));
                registered.into_iter().for_each(|object| raw::Py_DECREF(object.0));
                Interpreter::close(interpreter);
                while collector::collect() > 0 {}
                let hooks = std::mem::take(&mut *lock(&(*interpreter).at_exit));
                hooks.into_iter().for_each(|(hook, data)| hook.expect("a function")(data.0));
                while collector::collect() > 0 {}
            }
        });
        // SAFETY: closed; what is left of its objects is not touched any more.
        unsafe {
            let left = (*interpreter).objects.load(Ordering::Relaxed);
            memory::free(state.cast());
            Interpreter::end(interpreter);
            left
        }
    }
}
