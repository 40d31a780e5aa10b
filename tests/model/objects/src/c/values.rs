//! Plain values: `str`, `int`, `tuple`, capsules, functions of C's.
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::slice;

use cpython_ffi::raw::{
    self, PyASCIIObject, PyCapsule_Destructor, PyLongObject, PyObject, PyTupleObject,
    PyUnicodeWriter,
};

use super::c_functions;
use super::object::{
    _Py_NoneStruct, PyCFunction_Type, PyCapsule_Type, PyLong_Type, PyTuple_Type, PyUnicode_Type,
    free_object, new_object, with_items,
};
use super::thread::{Interpreter, SendPtr, lock};

/// A capsule.
#[repr(C)]
pub(super) struct Capsule {
    header: PyObject,
    pointer: *mut c_void,
    name: *const c_char,
    context: *mut c_void,
    destructor: PyCapsule_Destructor,
}

/// A function that C calls with its arguments.
#[repr(C)]
pub(super) struct Callable {
    header: PyObject,
    function: unsafe fn(&[*mut PyObject]) -> *mut PyObject,
}

/// A `str`.
pub(super) fn text(text: &[u8]) -> *mut PyObject {
    assert!(text.is_ascii(), "the model has ASCII only");
    let size = size_of::<PyASCIIObject>() + text.len() + 1;
    // SAFETY: room for the header, the characters and a zero behind them.
    unsafe {
        let object = new_object(&raw mut PyUnicode_Type, size).cast::<PyASCIIObject>();
        (*object).length = text.len() as isize;
        (*object).hash = -1;
        (*object).state.set_kind(1);
        (*object).state.set_compact(1);
        (*object).state.set_ascii(1);
        ptr::copy_nonoverlapping(text.as_ptr(), object.add(1).cast(), text.len());
        object.cast()
    }
}

/// What a `str` says.
///
/// # Safety
/// A live `str`.
pub(super) unsafe fn told(object: *mut PyObject) -> String {
    // SAFETY: by the caller's word.
    unsafe {
        let object = object.cast::<PyASCIIObject>();
        let text = slice::from_raw_parts(object.add(1).cast(), (*object).length as usize);
        String::from_utf8_lossy(text).into_owned()
    }
}

c_functions! {
    fn PyUnicode_FromStringAndSize(start: *const c_char, len: isize) -> *mut PyObject {
        text(slice::from_raw_parts(start.cast(), len as usize))
    }

    fn PyUnicode_InternInPlace(_string: *mut *mut PyObject) {}

    fn PyUnicodeWriter_Create(_len: isize) -> *mut PyUnicodeWriter {
        Box::into_raw(Box::new(Vec::<u8>::new())).cast()
    }

    fn PyUnicodeWriter_WriteChar(writer: *mut PyUnicodeWriter, c: u32) -> c_int {
        (*writer.cast::<Vec<u8>>()).push(c as u8);
        0
    }

    fn PyUnicodeWriter_WriteASCII(writer: *mut PyUnicodeWriter, start: *const c_char, len: isize) -> c_int {
        (*writer.cast::<Vec<u8>>()).extend_from_slice(slice::from_raw_parts(start.cast(), len as usize));
        0
    }

    fn PyUnicodeWriter_WriteUTF8(writer: *mut PyUnicodeWriter, start: *const c_char, len: isize) -> c_int {
        PyUnicodeWriter_WriteASCII(writer, start, len)
    }

    fn PyUnicodeWriter_Finish(writer: *mut PyUnicodeWriter) -> *mut PyObject {
        text(&Box::from_raw(writer.cast::<Vec<u8>>()))
    }

    fn PyUnicodeWriter_Discard(writer: *mut PyUnicodeWriter) {
        drop(Box::from_raw(writer.cast::<Vec<u8>>()));
    }

    fn PyLong_FromSize_t(value: usize) -> *mut PyObject {
        assert!(value >> raw::PyLong_SHIFT == 0, "the model has one digit only");
        let object = new_object(&raw mut PyLong_Type, size_of::<PyLongObject>()).cast::<PyLongObject>();
        (*object).long_value.lv_tag = if value == 0 { 1 } else { 1 << raw::_PyLong_NON_SIZE_BITS };
        (*object).long_value.ob_digit[0] = value as _;
        object.cast()
    }

    fn PyTuple_New(count: isize) -> *mut PyObject {
        let size = with_items::<*mut PyObject>(size_of::<PyTupleObject>(), count as usize);
        let object = new_object(&raw mut PyTuple_Type, size);
        raw::Py_SET_SIZE(object.cast(), count);
        object
    }

    fn PyCapsule_New(
        pointer: *mut c_void,
        name: *const c_char,
        destructor: PyCapsule_Destructor,
    ) -> *mut PyObject {
        let object = new_object(&raw mut PyCapsule_Type, size_of::<Capsule>()).cast::<Capsule>();
        ((*object).pointer, (*object).name, (*object).destructor) = (pointer, name, destructor);
        object.cast()
    }

    fn PyCapsule_GetPointer(capsule: *mut PyObject, name: *const c_char) -> *mut c_void {
        assert_eq!((*capsule.cast::<Capsule>()).name, name);
        (*capsule.cast::<Capsule>()).pointer
    }

    fn PyCapsule_GetName(capsule: *mut PyObject) -> *const c_char {
        (*capsule.cast::<Capsule>()).name
    }

    fn PyCapsule_GetContext(capsule: *mut PyObject) -> *mut c_void {
        (*capsule.cast::<Capsule>()).context
    }

    fn PyCapsule_SetContext(capsule: *mut PyObject, context: *mut c_void) -> c_int {
        (*capsule.cast::<Capsule>()).context = context;
        0
    }

    /// There are `builtins.id` and `atexit.register`; what is registered is kept, and not called.
    fn PyImport_ImportModuleAttr(module: *mut PyObject, attribute: *mut PyObject) -> *mut PyObject {
        let function: unsafe fn(&[*mut PyObject]) -> *mut PyObject =
            match (told(module).as_str(), told(attribute).as_str()) {
                ("builtins", "id") => |_| unreachable!("nothing is called at the end"),
                ("atexit", "register") => register,
                (module, attribute) => panic!("the model has no {module}.{attribute}"),
            };
        let object = new_object(&raw mut PyCFunction_Type, size_of::<Callable>()).cast::<Callable>();
        (*object).function = function;
        object.cast()
    }

    fn PyObject_Call(callable: *mut PyObject, arguments: *mut PyObject, names: *mut PyObject) -> *mut PyObject {
        let items = (&raw const (*arguments.cast::<PyTupleObject>()).ob_item).cast();
        PyObject_Vectorcall(callable, items, raw::Py_SIZE(arguments) as usize, names)
    }

    fn PyObject_Vectorcall(
        callable: *mut PyObject,
        arguments: *const *mut PyObject,
        count: usize,
        names: *mut PyObject,
    ) -> *mut PyObject {
        assert!(names.is_null() && raw::Py_TYPE(callable) == &raw mut PyCFunction_Type);
        let count = count & !raw::PY_VECTORCALL_ARGUMENTS_OFFSET;
        ((*callable.cast::<Callable>()).function)(slice::from_raw_parts(arguments, count))
    }
}

/// `atexit.register`.
unsafe fn register(arguments: &[*mut PyObject]) -> *mut PyObject {
    let mut registered = lock(&Interpreter::current().registered);
    // SAFETY: live arguments.
    registered.extend(arguments.iter().map(|&object| SendPtr(unsafe { raw::Py_NewRef(object) })));
    &raw mut _Py_NoneStruct
}

/// # Safety
/// An object that nobody refers to, of a class of C's, without references.
pub(super) unsafe extern "C" fn dealloc_plain(object: *mut PyObject) {
    // SAFETY: by the caller's word.
    unsafe { free_object(object.cast()) };
}

/// # Safety
/// A tuple that nobody refers to.
pub(super) unsafe extern "C" fn dealloc_tuple(object: *mut PyObject) {
    // SAFETY: by the caller's word; an item may not be there yet.
    unsafe {
        for i in 0..raw::Py_SIZE(object) {
            raw::Py_XDECREF(raw::PyTuple_GET_ITEM(object, i));
        }
        free_object(object.cast());
    }
}

/// # Safety
/// A capsule that nobody refers to.
pub(super) unsafe extern "C" fn dealloc_capsule(object: *mut PyObject) {
    // SAFETY: by the caller's word.
    unsafe {
        if let Some(destructor) = (*object.cast::<Capsule>()).destructor {
            destructor(object);
        }
        free_object(object.cast());
    }
}

/// A C string as text.
///
/// # Safety
/// It is one.
pub(super) unsafe fn c_text(text: *const c_char) -> String {
    // SAFETY: by the caller's word.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}
