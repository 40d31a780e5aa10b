/* Each macro that cpython-sys redoes, as a function of its own: the C side of the comparison. */
#include <Python.h>
#include <datetime.h>
#include <stddef.h>

#define OBJECT(TYPE, NAME) TYPE c_##NAME(PyObject *op) { return NAME(op); }
#define ACTION(NAME) void c_##NAME(PyObject *op) { NAME(op); }

/* refcount.h */
ACTION(Py_INCREF)
ACTION(Py_DECREF)
ACTION(Py_XINCREF)
ACTION(Py_XDECREF)
OBJECT(PyObject *, Py_NewRef)
OBJECT(PyObject *, Py_XNewRef)
OBJECT(Py_ssize_t, Py_REFCNT)
OBJECT(int, _Py_IsImmortal)
void c_Py_CLEAR(PyObject **place) { Py_CLEAR(*place); }

/* object.h */
OBJECT(PyTypeObject *, Py_TYPE)
OBJECT(Py_ssize_t, Py_SIZE)
OBJECT(int, Py_IsNone)
OBJECT(int, Py_IsTrue)
OBJECT(int, Py_IsFalse)
int c_Py_Is(PyObject *x, PyObject *y) { return Py_Is(x, y); }
int c_Py_IS_TYPE(PyObject *op, PyTypeObject *type) { return Py_IS_TYPE(op, type); }
int c_PyObject_TypeCheck(PyObject *op, PyTypeObject *type) { return PyObject_TypeCheck(op, type); }
int c_PyType_HasFeature(PyTypeObject *type, unsigned long bits) { return PyType_HasFeature(type, bits); }
int c_PyType_IS_GC(PyTypeObject *type) { return PyType_IS_GC(type); }
void c_Py_SET_SIZE(PyVarObject *op, Py_ssize_t size) { Py_SET_SIZE(op, size); }
PyObject *c_Py_None(void) { return Py_None; }
PyObject *c_Py_True(void) { return Py_True; }
PyObject *c_Py_False(void) { return Py_False; }
PyObject *c_Py_NotImplemented(void) { return Py_NotImplemented; }
PyObject *c_Py_Ellipsis(void) { return Py_Ellipsis; }
void c_PyObject_HEAD_INIT(PyObject *out, PyTypeObject *type)
{
    struct { PyObject_HEAD } object = { PyObject_HEAD_INIT(NULL) };
    object.ob_base.ob_type = type;
    *out = object.ob_base;
}

/* checks by flag, exact, by subtype */
OBJECT(int, PyLong_Check)
OBJECT(int, PyList_Check)
OBJECT(int, PyTuple_Check)
OBJECT(int, PyBytes_Check)
OBJECT(int, PyUnicode_Check)
OBJECT(int, PyDict_Check)
OBJECT(int, PyType_Check)
OBJECT(int, PyExceptionInstance_Check)
OBJECT(int, PyExceptionClass_Check)
OBJECT(int, PyLong_CheckExact)
OBJECT(int, PyList_CheckExact)
OBJECT(int, PyTuple_CheckExact)
OBJECT(int, PyBytes_CheckExact)
OBJECT(int, PyUnicode_CheckExact)
OBJECT(int, PyDict_CheckExact)
OBJECT(int, PyFrozenDict_CheckExact)
OBJECT(int, PyType_CheckExact)
OBJECT(int, PyFloat_CheckExact)
OBJECT(int, PyComplex_CheckExact)
OBJECT(int, PyByteArray_CheckExact)
OBJECT(int, PySet_CheckExact)
OBJECT(int, PyFrozenSet_CheckExact)
OBJECT(int, PyModule_CheckExact)
OBJECT(int, PyCFunction_CheckExact)
OBJECT(int, PyCapsule_CheckExact)
OBJECT(int, PyWeakref_CheckRefExact)
OBJECT(int, PyBool_Check)
OBJECT(int, PyMemoryView_Check)
OBJECT(int, PyPickleBuffer_Check)
OBJECT(int, PySlice_Check)
OBJECT(int, PyRange_Check)
OBJECT(int, PyFunction_Check)
OBJECT(int, PyMethod_Check)
OBJECT(int, PyCode_Check)
OBJECT(int, PyFrame_Check)
OBJECT(int, PyTraceBack_Check)
OBJECT(int, PyFloat_Check)
OBJECT(int, PyComplex_Check)
OBJECT(int, PyByteArray_Check)
OBJECT(int, PyFrozenDict_Check)
OBJECT(int, PySet_Check)
OBJECT(int, PyFrozenSet_Check)
OBJECT(int, PyAnySet_Check)
OBJECT(int, PyAnyDict_Check)
OBJECT(int, PyModule_Check)
OBJECT(int, PyCFunction_Check)
OBJECT(int, PyWeakref_CheckRef)

/* collections */
OBJECT(Py_ssize_t, PyList_GET_SIZE)
OBJECT(Py_ssize_t, PyTuple_GET_SIZE)
OBJECT(Py_ssize_t, PyDict_GET_SIZE)
OBJECT(Py_ssize_t, PySet_GET_SIZE)
OBJECT(Py_ssize_t, PyBytes_GET_SIZE)
OBJECT(Py_ssize_t, PyByteArray_GET_SIZE)
OBJECT(char *, PyBytes_AS_STRING)
OBJECT(char *, PyByteArray_AS_STRING)
PyObject *c_PyList_GET_ITEM(PyObject *op, Py_ssize_t i) { return PyList_GET_ITEM(op, i); }
PyObject *c_PyTuple_GET_ITEM(PyObject *op, Py_ssize_t i) { return PyTuple_GET_ITEM(op, i); }
void c_PyList_SET_ITEM(PyObject *op, Py_ssize_t i, PyObject *item) { PyList_SET_ITEM(op, i, item); }
void c_PyTuple_SET_ITEM(PyObject *op, Py_ssize_t i, PyObject *item) { PyTuple_SET_ITEM(op, i, item); }

/* int, float */
int c_PyUnstable_Long_IsCompact(PyObject *op) { return PyUnstable_Long_IsCompact((PyLongObject *)op); }
Py_ssize_t c_PyUnstable_Long_CompactValue(PyObject *op)
{
    return PyUnstable_Long_CompactValue((PyLongObject *)op);
}
OBJECT(double, PyFloat_AS_DOUBLE)

/* datetime.h */
OBJECT(int, PyDateTime_GET_YEAR)
OBJECT(int, PyDateTime_GET_MONTH)
OBJECT(int, PyDateTime_GET_DAY)
OBJECT(int, PyDateTime_DATE_GET_HOUR)
OBJECT(int, PyDateTime_DATE_GET_MINUTE)
OBJECT(int, PyDateTime_DATE_GET_SECOND)
OBJECT(int, PyDateTime_DATE_GET_MICROSECOND)
OBJECT(int, PyDateTime_DATE_GET_FOLD)
OBJECT(PyObject *, PyDateTime_DATE_GET_TZINFO)
int is_datetime(PyObject *op) { return PyDateTime_IMPORT != NULL && PyDateTime_Check(op); }

/* str */
OBJECT(Py_ssize_t, PyUnicode_GET_LENGTH)
OBJECT(int, PyUnicode_KIND)
OBJECT(unsigned int, PyUnicode_IS_ASCII)
OBJECT(unsigned int, PyUnicode_IS_COMPACT)
OBJECT(int, PyUnicode_IS_COMPACT_ASCII)
OBJECT(void *, PyUnicode_DATA)
OBJECT(Py_UCS4, PyUnicode_MAX_CHAR_VALUE)
Py_UCS4 c_PyUnicode_READ(int kind, void *data, Py_ssize_t i) { return PyUnicode_READ(kind, data, i); }
Py_UCS4 c_PyUnicode_READ_CHAR(PyObject *op, Py_ssize_t i) { return PyUnicode_READ_CHAR(op, i); }

/* calls */
Py_ssize_t c_PyVectorcall_NARGS(size_t n) { return PyVectorcall_NARGS(n); }
PyObject *c_PyObject_CallMethodNoArgs(PyObject *op, PyObject *name)
{
    return PyObject_CallMethodNoArgs(op, name);
}
PyObject *c_PyObject_CallMethodOneArg(PyObject *op, PyObject *name, PyObject *arg)
{
    return PyObject_CallMethodOneArg(op, name, arg);
}

/* PyMutex */
void c_PyMutex_Lock(PyMutex *m) { PyMutex_Lock(m); }
void c_PyMutex_Unlock(PyMutex *m) { PyMutex_Unlock(m); }
int c_PyMutex_IsLocked(PyMutex *m) { return PyMutex_IsLocked(m); }

/* static tables */
PyModuleDef_Base c_PyModuleDef_HEAD_INIT = PyModuleDef_HEAD_INIT;
PyABIInfo_VAR(abi_info);
PyABIInfo *c__PyABIInfo_DEFAULT(void) { return &abi_info; }
void *c_module_values[] = {
    Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED,
    Py_MOD_MULTIPLE_INTERPRETERS_SUPPORTED,
    Py_MOD_PER_INTERPRETER_GIL_SUPPORTED,
    Py_MOD_GIL_USED,
    Py_MOD_GIL_NOT_USED,
    Py_TP_USE_SPEC,
};
PySlot c_slots[] = {
    PySlot_DATA(Py_mod_name, "a"),
    PySlot_STATIC_DATA(Py_mod_methods, "b"),
    PySlot_FUNC(Py_mod_exec, c_PyMutex_Lock),
    PySlot_SIZE(Py_mod_state_size, -5),
    PySlot_INT64(Py_tp_flags, -6),
    PySlot_UINT64(Py_tp_flags, UINT64_MAX),
    PySlot_END,
};

/* threads */
#ifdef Py_GIL_DISABLED
uintptr_t c__Py_ThreadId(void) { return _Py_ThreadId(); }
#endif
