//! The module `classes`: a class for each feature of classes, and some that misbehave wherever
//! they can.
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cpython_api::class::slot::Sent;
use cpython_api::class::{Lent, Memory};
use cpython_api::exception::{ExceptionType, IndexError, TypeError, ValueError};
use cpython_api::types::{Compare, PyInt, PyList, PyTuple, PyType};
use cpython_api::{
    Bound, Buffer, Class, ClassRef, IntoPy, Module, ModuleState, Py, PyAny, PyLock, PyResult,
    ThreadState, Traverse, class, function, methods, module,
};

module! {
    /// Classes, well-behaved and not.
    name: "classes",
    state: State,
    functions: [hidden, build_box, is_box, take_box, live_payloads, stash, nodes_with_stashed],
}

/// What the module keeps: its classes and an exception.
#[derive(Traverse)]
pub struct State {
    boxed: ClassRef<Boxed>,
    items: ClassRef<Items>,
    cursor: ClassRef<Cursor>,
    number: ClassRef<Number>,
    hidden: ClassRef<Hidden>,
    node: ClassRef<Node>,
    error: Py<PyType>,
    others: [Py<PyType>; 9],
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let tzinfo = ts.import(c"datetime")?.getattr(c"tzinfo")?.into_cast::<PyType>()?;
        let error = module.add_exception(
            ts,
            c"classes.Error",
            &ValueError::class(ts),
            Some(c"An error."),
        )?;
        let boxed = module.add_class::<Boxed>(ts)?;
        boxed.add(ts, c"empty", &boxed.instance(ts, Boxed::new(None))?.into_any())?;
        Ok(Self {
            boxed,
            items: module.add_class::<Items>(ts)?,
            cursor: module.new_class::<Cursor>(ts)?,
            number: module.add_class::<Number>(ts)?,
            hidden: module.add_class::<Hidden>(ts)?,
            node: module.add_class::<Node>(ts)?,
            error,
            others: [
                kept(ts, &module.add_class::<Lender>(ts)?),
                kept(ts, &module.add_class::<Mutable>(ts)?),
                kept(ts, &module.add_class::<Evil>(ts)?),
                kept(ts, &module.add_class::<Finalized>(ts)?),
                kept(ts, &module.add_class_below::<Zone>(ts, &tzinfo)?),
                kept(ts, &module.add_class_below::<Failure>(ts, &ValueError::class(ts))?),
                kept(ts, &module.add_class::<Attributes>(ts)?),
                kept(ts, &module.add_class::<Callable>(ts)?),
                kept(ts, &module.add_class::<Awaited>(ts)?),
            ],
        })
    }
}

fn kept<T: Class>(ts: &ThreadState<'_>, class: &ClassRef<T>) -> Py<PyType> {
    class.get(ts).clone().unbind()
}

/// Makes a `Hidden`, which Python cannot.
#[function("hidden(n, /)")]
fn hidden<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    n: i64,
) -> PyResult<Bound<'py, Hidden>> {
    module.state()?.hidden.instance(ts, Hidden { n })
}

/// Makes an instance of any class with the payload of a `Box`.
#[function("build_box(cls, value, /)")]
fn build_box<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    cls: &Bound<'py, PyType>,
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, Boxed>> {
    Boxed::holding(value).into_instance(ts, cls)
}

#[function("is_box(x, /)")]
fn is_box(_module: &Module<'_, '_, State>, x: &Bound<'_, PyAny>) -> bool {
    x.cast::<Boxed>().is_some()
}

#[function("take_box(x, /)")]
fn take_box<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    x: &Bound<'py, Boxed>,
) -> PyResult<Option<Py>> {
    x.get().copy(ts)
}

/// How many payloads of `Box` there are in this process.
#[function("live_payloads()")]
fn live_payloads(_module: &Module<'_, '_, State>) -> usize {
    LIVE.load(Ordering::Relaxed)
}

/// Keeps an object where every interpreter of the process finds it.
#[function("stash(x, /)")]
fn stash(_module: &Module<'_, '_, State>, x: &Bound<'_, PyAny>) {
    if let Ok(mut stash) = STASH.lock() {
        stash.push(x.clone().unbind());
    }
}

/// Puts what is stashed, perhaps in another interpreter, into nodes of this one.
#[function("nodes_with_stashed()")]
fn nodes_with_stashed<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
) -> PyResult<Bound<'py, PyList>> {
    let nodes = PyList::new(ts, &[])?;
    let stashed = STASH.lock().map(|mut stash| std::mem::take(&mut *stash)).unwrap_or_default();
    for object in stashed {
        let class = module.state()?.node.get(ts);
        nodes.append(&Node { next: Some(object) }.into_instance(ts, &class)?)?;
    }
    Ok(nodes)
}

static STASH: Mutex<Vec<Py>> = Mutex::new(Vec::new());
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// Counts payloads.
#[derive(Traverse)]
struct Counted;

impl Counted {
    fn new() -> Self {
        LIVE.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Holds an object.
#[class("classes.Box", state = State, subclassable, weakly_referenced)]
pub struct Boxed {
    value: PyLock<Option<Py>>,
    _counted: Counted,
}

impl Boxed {
    fn holding(value: &Bound<'_, PyAny>) -> Self {
        let value = (!value.is_none()).then(|| value.clone().unbind());
        Self { value: PyLock::new(value), _counted: Counted::new() }
    }

    fn copy(&self, ts: &ThreadState<'_>) -> PyResult<Option<Py>> {
        let taken = self.value.with(ts, Option::take)?;
        let copy = taken.as_ref().map(|value| value.clone_ref(ts));
        self.value.with(ts, |value| *value = taken)?;
        Ok(copy)
    }
}

#[methods(class_getitem)]
impl Boxed {
    #[new("Box(value=None)")]
    fn new(value: Option<&Bound<'_, PyAny>>) -> Self {
        let value = value.map(|value| value.clone().unbind());
        Self { value: PyLock::new(value), _counted: Counted::new() }
    }

    /// Gives what is in the box.
    #[method("get()")]
    fn get(&self, ts: &ThreadState<'_>) -> PyResult<Option<Py>> {
        self.copy(ts)
    }

    /// Puts something else in, and gives back what was there.
    #[method("swap(value, /)")]
    fn swap(&self, ts: &ThreadState<'_>, value: &Bound<'_, PyAny>) -> PyResult<Option<Py>> {
        let new = value.clone().unbind();
        self.value.with(ts, |value| value.replace(new))
    }

    /// Whether there is anything in the box.
    #[method("holds(x, /, *, twice=False)")]
    fn holds<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        x: &Bound<'py, PyAny>,
        twice: bool,
    ) -> PyResult<bool> {
        let found = this.get().copy(ts)?.is_some_and(|value| value.bind(ts).is(x));
        Ok(found && !twice)
    }

    /// The module and the payload, by way of the class.
    #[method("home()")]
    fn home<'py>(
        module: &Module<'_, 'py, State>,
        ts: &ThreadState<'py>,
        this: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyType>, bool)> {
        let class = module.state()?.boxed.get(ts).clone();
        let is_ours = this.get_type().is(&class);
        Ok((module.object().clone().into_any(), class, is_ours))
    }

    /// Makes a box of this class.
    #[class_method("of(value, /)")]
    fn of<'py>(
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        Self::holding(value).into_instance(ts, class)
    }

    /// Adds.
    #[static_method("add(a, b, /)")]
    fn add(a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }

    /// What is in the box.
    #[getter("value")]
    fn value(&self, ts: &ThreadState<'_>) -> PyResult<Option<Py>> {
        self.copy(ts)
    }

    #[setter("value")]
    fn set_value(&self, ts: &ThreadState<'_>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let new = value.clone().unbind();
        self.value.with(ts, |value| value.replace(new)).map(drop)
    }

    #[getter("erasable")]
    fn erasable(&self, ts: &ThreadState<'_>) -> PyResult<bool> {
        Ok(self.copy(ts)?.is_some())
    }

    #[setter("erasable", deletable)]
    fn set_erasable(&self, ts: &ThreadState<'_>, value: Option<i64>) -> PyResult<()> {
        let new = value.map(|value| value.into_py(ts)).transpose()?.map(Bound::unbind);
        self.value.with(ts, |value| std::mem::replace(value, new)).map(drop)
    }

    #[slot(tp_repr)]
    fn repr<'py>(&self, ts: &mut ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.copy(ts)? {
            Some(value) => {
                let text = value.bind(ts).repr()?;
                format!("Box({})", text.to_str()?).into_py(ts)
            }
            None => "Box()".into_py(ts),
        }
    }
}

/// A link of a chain; its references never change.
#[class("classes.Node", state = State)]
struct Node {
    next: Option<Py>,
}

#[methods]
impl Node {
    #[new("Node(next=None, /)")]
    fn new(next: Option<&Bound<'_, PyAny>>) -> Self {
        Self { next: next.map(|next| next.clone().unbind()) }
    }

    #[getter("next")]
    fn next(&self) -> Option<&Py> {
        self.next.as_ref()
    }
}

/// A class whose attributes Python code may change.
#[class("classes.Mutable", state = State, subclassable, mutable)]
struct Mutable {
    n: u64,
}

#[methods]
impl Mutable {
    #[new("Mutable(n=7)")]
    fn new(n: u64) -> Self {
        Self { n }
    }

    #[getter("n")]
    fn n(&self) -> u64 {
        self.n
    }

    #[method("double()")]
    fn double(&self) -> u64 {
        self.n.wrapping_mul(2)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(-1)
    }
}

/// A number below 2**63, unknown to the collector.
#[class("classes.Number", state = State, uncollected, subclassable)]
struct Number {
    value: i64,
}

impl Number {
    fn of(object: &Bound<'_, PyAny>) -> Option<i64> {
        match object.cast::<Self>() {
            Some(number) => Some(number.get().value),
            None => object.cast::<PyInt>()?.to_i64(),
        }
    }

    fn make<'py>(like: &Bound<'py, Self>, value: i64) -> PyResult<Bound<'py, PyAny>> {
        let ts = like.thread_state();
        let class = like.module()?;
        Ok(class.state()?.number.instance(&ts, Self { value })?.into_any())
    }
}

#[methods]
impl Number {
    #[new("Number(value)")]
    fn new(value: i64) -> Self {
        Self { value }
    }

    #[method("__reduce__()")]
    fn reduce<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
    ) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyAny>)> {
        Ok((this.get_type(), (this.get().value,).into_py(ts)?))
    }

    /// Formats.
    #[method("__format__(spec, /)")]
    fn format(&self, spec: &str) -> String {
        format!("{spec}{}", self.value)
    }

    #[slot(nb_add)]
    fn add<'py>(
        left: &Bound<'py, PyAny>,
        right: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (Some(a), Some(b)) = (Self::of(left), Self::of(right)) else { return Ok(None) };
        let like = left.cast::<Self>().or_else(|| right.cast::<Self>());
        like.map(|like| Self::make(like, a.wrapping_add(b))).transpose()
    }

    #[slot(nb_inplace_subtract)]
    fn subtract<'py>(
        this: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(other) = Self::of(other) else { return Ok(None) };
        Self::make(this, this.get().value.wrapping_sub(other)).map(Some)
    }

    #[slot(nb_power)]
    fn power<'py>(
        ts: &ThreadState<'py>,
        base: &Bound<'py, PyAny>,
        exponent: &Bound<'py, PyAny>,
        modulus: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (Some(a), Some(b)) = (Self::of(base), Self::of(exponent)) else { return Ok(None) };
        let power = a.wrapping_pow(u32::try_from(b).unwrap_or_default());
        (power, modulus).into_py(ts).map(Some)
    }

    #[slot(nb_negative)]
    fn negative<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::make(this, this.get().value.wrapping_neg())
    }

    #[slot(nb_bool)]
    fn truth(&self) -> PyResult<bool> {
        Ok(self.value != 0)
    }

    #[slot(nb_index, nb_int)]
    fn index<'py>(&self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.value.into_py(ts)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.value as isize)
    }

    #[slot(tp_richcompare)]
    fn compare<'py>(
        &self,
        ts: &ThreadState<'py>,
        other: &Bound<'py, PyAny>,
        op: Compare,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let answer = Self::of(other).map(|other| op.holds(self.value.cmp(&other)));
        answer.map(|answer| answer.into_py(ts)).transpose()
    }
}

/// A sequence.
#[class("classes.Items", state = State, sequence)]
struct Items {
    items: PyLock<Vec<Py>>,
}

impl Items {
    fn at(&self, ts: &ThreadState<'_>, i: usize) -> PyResult<Option<Py>> {
        // A count can be taken outside of a lock only: take the item out for that moment.
        let found = self.items.with(ts, |items| {
            let last = items.len().checked_sub(1)?;
            (i <= last).then(|| items.swap_remove(i))
        })?;
        let Some(found) = found else { return Ok(None) };
        let copy = found.clone_ref(ts);
        self.items.with(ts, |items| {
            items.push(found);
            let last = items.len() - 1;
            if i < last {
                items.swap(i, last);
            }
        })?;
        Ok(Some(copy))
    }
}

#[methods(class_getitem)]
impl Items {
    #[new("Items(*items)")]
    fn new(items: &Bound<'_, PyTuple>) -> Self {
        let items = items.iter().map(Bound::unbind).collect();
        Self { items: PyLock::new(items) }
    }

    /// Adds an item at the end.
    #[method("append(item, /)")]
    fn append(&self, ts: &ThreadState<'_>, item: &Bound<'_, PyAny>) -> PyResult<()> {
        let item = item.clone().unbind();
        self.items.with(ts, |items| items.push(item))
    }

    #[slot(sq_length, mp_length)]
    fn len(&self, ts: &mut ThreadState<'_>) -> PyResult<usize> {
        self.items.with(ts, |items| items.len())
    }

    #[slot(sq_item)]
    fn item<'py>(&self, ts: &mut ThreadState<'py>, i: isize) -> PyResult<Bound<'py, PyAny>> {
        let found = usize::try_from(i).ok().map(|i| self.at(ts, i)).transpose()?.flatten();
        found.map(|item| item.bind(ts)).ok_or_else(|| IndexError::new(ts, "index out of range"))
    }

    #[slot(sq_ass_item)]
    fn set_item<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        i: isize,
        value: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let value = value.map(|value| value.clone().unbind());
        let done = self.items.with(ts, |items| {
            let i = usize::try_from(i).ok().filter(|i| *i < items.len())?;
            Some(match value {
                Some(value) => std::mem::replace(&mut items[i], value),
                None => items.remove(i),
            })
        })?;
        done.map(drop).ok_or_else(|| IndexError::new(ts, "assignment index out of range"))
    }

    /// Whether an item equals the value.
    #[method("__contains__(value, /)", coexist)]
    #[slot(sq_contains)]
    fn contains<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        let mut i = 0;
        while let Some(item) = self.at(ts, i)? {
            if item.bind(ts).eq(value)? {
                return Ok(true);
            }
            i += 1;
        }
        Ok(false)
    }

    #[slot(mp_subscript)]
    fn subscript<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match key.cast::<PyInt>().and_then(|key| key.to_i64()) {
            Some(i) => self.item(ts, i as isize),
            None => Err(TypeError::new(ts, "indices must be integers")),
        }
    }

    #[slot(tp_iter)]
    fn iter<'py>(
        this: &Bound<'py, Self>,
        ts: &mut ThreadState<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let module = this.module()?;
        let cursor = Cursor { items: this.clone().unbind(), next: AtomicI64::new(0) };
        Ok(module.state()?.cursor.instance(ts, cursor)?.into_any())
    }
}

/// An iterator over `Items`.
#[class("classes.Cursor", state = State)]
struct Cursor {
    items: Py<Items>,
    next: AtomicI64,
}

#[methods(tp_iter_self)]
impl Cursor {
    #[slot(tp_iternext)]
    fn next<'py>(&self, ts: &mut ThreadState<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let i = self.next.fetch_add(1, Ordering::Relaxed);
        let items = self.items.get(ts);
        Ok(items.get().at(ts, usize::try_from(i).unwrap_or_default())?.map(|item| item.bind(ts)))
    }
}

/// Lends its memory.
#[class("classes.Lender", state = State, subclassable)]
struct Lender {
    memory: PyLock<Arc<Memory>>,
    how: String,
}

impl Lender {
    fn memory(&self, ts: &ThreadState<'_>) -> PyResult<Arc<Memory>> {
        self.memory.with(ts, |memory| Arc::clone(memory))
    }
}

#[methods]
impl Lender {
    #[new("Lender(length, how='')")]
    fn new(ts: &ThreadState<'_>, length: usize, how: &str) -> PyResult<Self> {
        Ok(Self { memory: PyLock::new(Memory::new(ts, length)?), how: how.to_owned() })
    }

    #[method("lent()")]
    fn lent(&self, ts: &ThreadState<'_>) -> PyResult<bool> {
        Ok(self.memory(ts)?.is_lent())
    }

    #[method("read()")]
    fn read(&self, ts: &ThreadState<'_>) -> PyResult<Vec<u8>> {
        let memory = self.memory(ts)?;
        let mut bytes = vec![0; memory.len()];
        memory.read(0, &mut bytes);
        Ok(bytes)
    }

    #[method("write(start, data, /)")]
    fn write(&self, ts: &ThreadState<'_>, start: usize, data: Buffer<'_>) -> PyResult<usize> {
        Ok(self.memory(ts)?.write(start, &data))
    }

    /// New memory, also while the old one is lent.
    #[method("replace(length, /)")]
    fn replace(&self, ts: &ThreadState<'_>, length: usize) -> PyResult<()> {
        let new = Memory::new(ts, length)?;
        self.memory.with(ts, |memory| *memory = new)
    }

    #[slot(bf_getbuffer)]
    fn getbuffer(&self, ts: &mut ThreadState<'_>) -> PyResult<Lent> {
        let lent = Lent::all(&self.memory(ts)?);
        Ok(match self.how.as_str() {
            "readonly" => lent.readonly(),
            "items" => lent.items(c"i", 4),
            "range" => lent.range(2..usize::MAX),
            "raise" => return Err(ValueError::new(ts, "no buffer")),
            "panic" => panic!("no buffer"),
            _ => lent,
        })
    }
}

/// A class that Python cannot make instances of.
#[class("classes.Hidden", state = State, subclassable)]
struct Hidden {
    n: i64,
}

#[methods]
impl Hidden {
    #[getter("n")]
    fn n(&self) -> i64 {
        self.n
    }
}

/// Panics, raises and runs Python in places where it hurts.
#[class("classes.Evil", state = State, subclassable, weakly_referenced)]
struct Evil {
    how: String,
    callback: Py,
}

#[methods(tp_iter_self)]
impl Evil {
    #[new("Evil(how, callback=None)")]
    fn new(ts: &ThreadState<'_>, how: &str, callback: &Bound<'_, PyAny>) -> PyResult<Self> {
        match how {
            "raise" => return Err(ValueError::new(ts, "no instance")),
            "panic" => panic!("no instance"),
            "call" => drop(callback.call0()?),
            _ => {}
        }
        Ok(Self { how: how.to_owned(), callback: callback.clone().unbind() })
    }

    #[slot(tp_repr)]
    fn repr<'py>(&self) -> PyResult<Bound<'py, PyAny>> {
        panic!("repr of {}", self.how)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        panic!("hash")
    }

    #[slot(tp_iternext)]
    fn next<'py>(&self) -> PyResult<Option<Bound<'py, PyAny>>> {
        panic!("next")
    }

    #[slot(nb_add)]
    fn add<'py>(
        _a: &Bound<'py, PyAny>,
        _b: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        panic!("add")
    }

    #[slot(nb_bool)]
    fn truth(&self) -> PyResult<bool> {
        panic!("bool")
    }

    #[slot(sq_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(usize::MAX)
    }

    #[getter("attribute")]
    fn attribute(&self) {
        panic!("getter")
    }

    #[setter("attribute")]
    fn set_attribute(&self, _value: &Bound<'_, PyAny>) {
        panic!("setter")
    }

    #[method("call()")]
    fn call(&self, ts: &ThreadState<'_>) -> PyResult<Py> {
        Ok(self.callback.bind(ts).call0()?.unbind())
    }

    /// Runs the callback without asking for a token, and looks at the payload afterwards.
    #[method("call_by_attaching()")]
    fn call_by_attaching(&self) -> usize {
        let _ = self.callback.attach(|_, callback| callback.call0().is_ok());
        self.how.len()
    }
}

impl Drop for Evil {
    fn drop(&mut self) {
        match self.how.as_str() {
            "panic in drop" => panic!("drop"),
            "call in drop" => {
                let _ = self.callback.attach(|ts, callback| {
                    if let Err(error) = callback.call0() {
                        error.write_unraisable(ts, None);
                    }
                });
            }
            _ => {}
        }
    }
}

/// Shows itself to a callback before it dies.
#[class("classes.Finalized", state = State, subclassable, weakly_referenced)]
struct Finalized {
    callback: Py,
}

#[methods]
impl Finalized {
    #[new("Finalized(callback, /)")]
    fn new(callback: &Bound<'_, PyAny>) -> Self {
        Self { callback: callback.clone().unbind() }
    }

    #[slot(tp_finalize)]
    fn finalize<'py>(this: &Bound<'py, Self>, ts: &mut ThreadState<'py>) -> PyResult<()> {
        this.get().callback.bind(ts).call1(this).map(drop)
    }
}

/// A time zone, below a static type of C.
#[class("classes.Zone", state = State, subclassable, with_given_base)]
struct Zone {
    hours: i64,
    note: Option<Py>,
}

#[methods]
impl Zone {
    #[new("Zone(hours, note=None)")]
    fn new(hours: i64, note: Option<&Bound<'_, PyAny>>) -> Self {
        Self { hours, note: note.map(|note| note.clone().unbind()) }
    }

    #[method("tzname(dt, /)")]
    fn tzname(&self, _dt: &Bound<'_, PyAny>) -> String {
        format!("Z{}", self.hours)
    }

    #[getter("note")]
    fn note(&self) -> Option<&Py> {
        self.note.as_ref()
    }
}

/// An exception with a payload, below a collected type of C.
#[class("classes.Failure", state = State, subclassable, with_given_base)]
struct Failure {
    reason: Option<Py>,
}

#[methods]
impl Failure {
    #[new("Failure(reason=None, /)")]
    fn new(reason: Option<&Bound<'_, PyAny>>) -> Self {
        Self { reason: reason.map(|reason| reason.clone().unbind()) }
    }

    #[getter("reason")]
    fn reason(&self) -> Option<&Py> {
        self.reason.as_ref()
    }
}

/// Has a `__dict__`, and is a descriptor.
#[class("classes.Attributes", state = State, subclassable, with_dict, weakly_referenced)]
struct Attributes {
    initialised: AtomicI64,
}

#[methods]
impl Attributes {
    #[new("Attributes(*args)")]
    fn new(args: &Bound<'_, PyTuple>) -> Self {
        let _ = args;
        Self { initialised: AtomicI64::new(0) }
    }

    #[init("Attributes(times=1, /)")]
    fn init(&self, times: i64) {
        self.initialised.fetch_add(times, Ordering::Relaxed);
    }

    #[getter("initialised")]
    fn initialised(&self) -> i64 {
        self.initialised.load(Ordering::Relaxed)
    }

    #[slot(tp_descr_get)]
    fn descr_get<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        instance: Option<&Bound<'py, PyAny>>,
        owner: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match instance {
            Some(instance) => (this, instance, owner).into_py(ts),
            None => Ok(this.clone().into_any()),
        }
    }

    #[slot(tp_descr_set)]
    fn descr_set<'py>(
        ts: &ThreadState<'py>,
        this: &Bound<'py, Self>,
        instance: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let _ = (this, instance);
        match value {
            Some(_) => Err(ValueError::new(ts, "set")),
            None => Err(ValueError::new(ts, "deleted")),
        }
    }
}

/// Can be called.
#[class("classes.Callable", state = State)]
struct Callable {}

#[methods]
impl Callable {
    #[new("Callable()")]
    fn new() -> Self {
        Self {}
    }

    #[call("Callable(a, /, b=2, *, c=3)")]
    fn call(&self, a: i64, b: i64, c: i64) -> (i64, i64, i64) {
        (a, b, c)
    }
}

/// Can be awaited: yields what it holds, returns what is sent.
#[class("classes.Awaited", state = State)]
struct Awaited {
    value: Py,
    yielded: AtomicI64,
}

#[methods(tp_iter_self)]
impl Awaited {
    #[new("Awaited(value, /)")]
    fn new(value: &Bound<'_, PyAny>) -> Self {
        Self { value: value.clone().unbind(), yielded: AtomicI64::new(0) }
    }

    #[slot(am_await)]
    fn awaited<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Ok(this.clone().into_any())
    }

    #[slot(tp_iternext)]
    fn next<'py>(&self, ts: &mut ThreadState<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let first = self.yielded.fetch_add(1, Ordering::Relaxed) == 0;
        Ok(first.then(|| self.value.bind(ts)))
    }

    #[slot(am_send)]
    fn send<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Sent<'py>> {
        let first = self.yielded.fetch_add(1, Ordering::Relaxed) == 0;
        Ok(if first { Sent::Next(self.value.bind(ts)) } else { Sent::Return(value.clone()) })
    }
}
