//! From facts and tables to a type object.
use std::ffi::{CStr, c_int, c_void};
use std::ptr;

use cpython_ffi::calls;
use cpython_ffi::raw::{self, PyMemberDef, PyType_Slot, PyType_Spec, PyTypeObject};

use super::lifecycle::{clear, dealloc, traverse};
use super::tables::MAX_SLOTS;
use super::{Class, ClassRef, Methods, Pattern, TablesRef, layout, member};
use crate::error::{PyErr, PyResult, owned};
use crate::exception::SystemError;
use crate::handle::Bound;
use crate::module::{Module, ModuleState};
use crate::thread::ThreadState;
use crate::types::{PyModule, PyType};

impl<'py, S: ModuleState> Module<'_, 'py, S> {
    /// Makes the class `T` for this module and adds it under its name.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn add_class<T: Methods<State = S>>(&self, ts: &ThreadState<'py>) -> PyResult<ClassRef<T>> {
        let class = self.make::<T>(ts, Base::Object)?;
        self.publish(&class)?;
        Ok(ClassRef::new(class))
    }

    /// Makes the class `T` for this module, without adding it.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new_class<T: Methods<State = S>>(&self, ts: &ThreadState<'py>) -> PyResult<ClassRef<T>> {
        self.make::<T>(ts, Base::Object).map(ClassRef::new)
    }

    /// Makes the class `T` below `base`, which C defines statically, and adds it under its name.
    ///
    /// # Errors
    /// `SystemError` when `base` is a heap type, or collected while `T` is not; `MemoryError`.
    pub fn add_class_below<T: Methods<State = S>>(
        &self,
        ts: &ThreadState<'py>,
        base: &Bound<'py, PyType>,
    ) -> PyResult<ClassRef<T>> {
        let class = self.make::<T>(ts, Base::Foreign(base))?;
        self.publish(&class)?;
        Ok(ClassRef::new(class))
    }

    /// Makes the class `T` below the class `B`, which is Rust, too, and adds it under its name.
    ///
    /// The constructor of `T` gives both payloads, `(B, T)`; when it gives its own only, that of
    /// the base comes from the base's constructor, called without arguments.
    ///
    /// # Errors
    /// `SystemError` when `B` is collected while `T` is not; `MemoryError`.
    pub fn add_class_on<T: Methods<State = S>, B: Class>(
        &self,
        ts: &ThreadState<'py>,
        base: &ClassRef<B>,
    ) -> PyResult<ClassRef<T>> {
        const { assert!(B::FACTS.subclassable, "the base cannot have subclasses") };
        let class = self.make::<T>(ts, Base::Ours(&base.get(ts)))?;
        self.publish(&class)?;
        Ok(ClassRef::new(class))
    }

    fn publish(&self, class: &Bound<'py, PyType>) -> PyResult<()> {
        let module: &Bound<'py, PyModule> = self;
        // SAFETY: attached; a live module and a live type.
        module.done(unsafe {
            calls::PyModule_AddType(module.checked(), class.reference().as_ptr().cast())
        })
    }

    fn make<T: Methods<State = S>>(
        &self,
        ts: &ThreadState<'py>,
        base: Base<'_, 'py>,
    ) -> PyResult<Bound<'py, PyType>> {
        const {
            let facts = T::FACTS;
            assert!(
                facts.collected
                    || !(T::HAS_REFERENCES || facts.weakly_referenced || facts.with_dict),
                "an uncollected class can have no references, weak references or dict"
            );
        }
        base.check::<T>(ts)?;
        let tables = T::tables();
        let doc = docstring(ts, &tables, T::FACTS.doc)?;
        let members = member::table::<T>(ts)?;
        let mut slots = SlotList::of::<T>(tables, &doc, &members, base.has_no_init());
        let mut spec = PyType_Spec {
            name: T::FACTS.name.as_ptr(),
            basicsize: layout::basic_size::<T>(),
            itemsize: 0,
            flags: flags::<T>(slots.has(raw::Py_tp_new)) as _,
            slots: slots.0.as_mut_ptr(),
        };
        let module: &Bound<'py, PyModule> = self;
        // SAFETY: attached; the spec is complete and C copies what is not `'static`; members are
        // inside the payload, by their assertions, and what they say in every instance; the call
        // returns a type. INVARIANT of the layout: the token is that of `T`, and goes to types
        // made here only, whose size has room for the cell and whose module is one of `S`.
        let class: Bound<'py, PyType> = unsafe {
            owned(
                module,
                calls::PyType_FromMetaclass(
                    ptr::null_mut(),
                    Some(module.checked()),
                    &mut spec,
                    base.class().map(Bound::checked),
                ),
            )?
        };
        // SAFETY: a live type.
        let added = unsafe { calls::PyType_GetTypeDataSize(class.checked().as_ptr().cast()) };
        if T::FACTS.given_base && added != layout::added_size::<T>() {
            return Err(SystemError::new(ts, "C has laid out a class in another way"));
        }
        Ok(class)
    }
}

/// Text signature and docstring with the end mark, or nothing at all. C copies it.
fn docstring<T>(ts: &ThreadState<'_>, tables: &TablesRef<T>, doc: &CStr) -> PyResult<Vec<u8>> {
    let mut text = Vec::new();
    let (signature, doc) = (tables.signature.to_bytes(), doc.to_bytes_with_nul());
    if signature.is_empty() && doc.len() == 1 {
        return Ok(text);
    }
    if text.try_reserve_exact(signature.len() + doc.len()).is_err() {
        return Err(PyErr::no_memory(ts));
    }
    text.extend_from_slice(signature);
    text.extend_from_slice(doc);
    Ok(text)
}

/// The slots of a type and the end mark.
struct SlotList([PyType_Slot; ADDED + MAX_SLOTS + 1]);

impl SlotList {
    /// The slots of `T`'s tables, and those that every class has.
    fn of<T: Class>(
        tables: TablesRef<T>,
        doc: &[u8],
        members: &[PyMemberDef],
        no_init: bool,
    ) -> Self {
        let facts = T::FACTS;
        let traverse: raw::traverseproc = Some(traverse::<T>);
        let clear: raw::inquiry = Some(clear::<T>);
        let dealloc: raw::destructor = Some(dealloc::<T>);
        let pointer = |function: Option<_>| function.unwrap_or(ptr::null_mut());
        let added: [(c_int, *mut c_void); ADDED] = [
            (raw::Py_tp_token, layout::token_of::<T>()),
            (raw::Py_tp_doc, pointer((!doc.is_empty()).then(|| doc.as_ptr().cast_mut().cast()))),
            (
                raw::Py_tp_members,
                pointer((!members.is_empty()).then(|| members.as_ptr().cast_mut().cast())),
            ),
            (raw::Py_tp_methods, tables.methods.cast_mut().cast()),
            (raw::Py_tp_getset, tables.properties.cast_mut().cast()),
            (
                raw::Py_tp_traverse,
                pointer(facts.collected.then_some(()).and(traverse).map(|f| f as *mut c_void)),
            ),
            (
                raw::Py_tp_clear,
                pointer(facts.collected.then_some(()).and(clear).map(|f| f as *mut c_void)),
            ),
            (raw::Py_tp_dealloc, pointer(dealloc.map(|f| f as *mut c_void))),
            (
                raw::Py_tp_vectorcall,
                pointer(tables.vectorcall.filter(|_| no_init).map(|f| f as *mut c_void)),
            ),
        ];
        let end = PyType_Slot { slot: 0, pfunc: ptr::null_mut() };
        let mut list = [end; ADDED + MAX_SLOTS + 1];
        let all = added
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(slot, pfunc)| PyType_Slot { slot, pfunc })
            .chain(tables.slots.iter().copied());
        for (place, slot) in list.iter_mut().zip(all) {
            *place = slot;
        }
        Self(list)
    }

    fn has(&self, id: c_int) -> bool {
        self.0.iter().any(|slot| slot.slot == id)
    }
}

/// `Py_TPFLAGS_*`. Without a constructor, no instance can be made from Python.
fn flags<T: Class>(has_constructor: bool) -> std::ffi::c_ulong {
    let facts = T::FACTS;
    let mut flags = raw::Py_TPFLAGS_DEFAULT;
    for (wanted, flag) in [
        (!has_constructor, raw::Py_TPFLAGS_DISALLOW_INSTANTIATION),
        (facts.subclassable, raw::Py_TPFLAGS_BASETYPE),
        (facts.collected, raw::Py_TPFLAGS_HAVE_GC),
        (facts.weakly_referenced, raw::Py_TPFLAGS_MANAGED_WEAKREF),
        (facts.with_dict, raw::Py_TPFLAGS_MANAGED_DICT),
        (!facts.mutable, raw::Py_TPFLAGS_IMMUTABLETYPE),
        (facts.pattern == Pattern::Sequence, raw::Py_TPFLAGS_SEQUENCE),
        (facts.pattern == Pattern::Mapping, raw::Py_TPFLAGS_MAPPING),
    ] {
        if wanted {
            flags |= flag;
        }
    }
    flags
}

/// What a class is made below.
#[derive(Clone, Copy)]
enum Base<'a, 'py> {
    Object,
    /// A class of C.
    Foreign(&'a Bound<'py, PyType>),
    /// The class of another payload.
    Ours(&'a Bound<'py, PyType>),
}

impl<'a, 'py> Base<'a, 'py> {
    fn class(self) -> Option<&'a Bound<'py, PyType>> {
        match self {
            Self::Object => None,
            Self::Foreign(class) | Self::Ours(class) => Some(class),
        }
    }

    /// Whether `__init__` is that of `object`, which does nothing behind a constructor.
    fn has_no_init(self) -> bool {
        let class = match self {
            Self::Object => return true,
            Self::Ours(_) => return false,
            Self::Foreign(class) => class.checked().as_ptr().cast::<PyTypeObject>(),
        };
        // SAFETY: live types, made ready.
        let (own, of_object) = unsafe { ((*class).tp_init, raw::PyBaseObject_Type.tp_init) };
        own.map(|f| f as usize) == of_object.map(|f| f as usize)
    }

    /// Refuses a base whose `tp_dealloc` would call ours again, or that the collector sees otherwise.
    fn check<T: Class>(self, ts: &ThreadState<'_>) -> PyResult<()> {
        let refuse = |reason: &str| {
            Err(SystemError::new(ts, format_args!("class '{}': {reason}", T::FACTS.shown_name())))
        };
        let Some(class) = self.class() else {
            return if T::FACTS.given_base { refuse("its base is missing") } else { Ok(()) };
        };
        let class = class.checked().as_ptr().cast::<PyTypeObject>();
        // SAFETY: a live type.
        let has = |flag| unsafe { raw::PyType_HasFeature(class, flag) != 0 };
        if !T::FACTS.given_base {
            refuse("it was declared without a base")
        } else if matches!(self, Self::Foreign(_)) && has(raw::Py_TPFLAGS_HEAPTYPE) {
            refuse("its base is a heap type")
        } else if has(raw::Py_TPFLAGS_HAVE_GC) && !T::FACTS.collected {
            refuse("its base is collected")
        } else {
            Ok(())
        }
    }
}

/// How many slots every class gets.
const ADDED: usize = 9;
