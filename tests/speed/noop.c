/* Functions that do nothing, one for each calling convention, written as Argument Clinic writes them.
 *
 * The C twin of the Rust test module `attacks`: what a call costs when the function costs nothing.
 * `noop.py` compiles it with the flags of the interpreter's own build; by hand, from a build
 * directory BUILD made from the source directory SOURCE:
 *
 *     cc -shared -fPIC -fno-strict-overflow -fwrapv -DNDEBUG -O3 -std=c11 -fvisibility=hidden \
 *        -I SOURCE/Include/internal -I SOURCE/Include -I BUILD noop.c -o noop.so
 */

#define Py_BUILD_CORE_MODULE 1
#include "Python.h"
#include "pycore_modsupport.h"

static PyObject *
noargs(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    Py_RETURN_NONE;
}

static PyObject *
one(PyObject *module, PyObject *x)
{
    Py_RETURN_NONE;
}

static PyObject *
fast(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("fast", nargs, 2, 2)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
keywords(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static const char *const names[] = {"a", "b", NULL};
    static _PyArg_Parser parser = {.keywords = names, .fname = "keywords"};
    PyObject *buffer[2];

    args = _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 2, 2, 0, 0, buffer);
    if (args == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"noargs", noargs, METH_NOARGS, NULL},
    {"one", one, METH_O, NULL},
    {"fast", _PyCFunction_CAST(fast), METH_FASTCALL, NULL},
    {"keywords", _PyCFunction_CAST(keywords), METH_FASTCALL | METH_KEYWORDS, NULL},
    {"token_and_object", one, METH_O, NULL},
    {NULL, NULL}
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, NULL}
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "noop",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit_noop(void)
{
    return PyModuleDef_Init(&definition);
}
