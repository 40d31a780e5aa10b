/* What cpython-sys binds: the public C API, as an extension module sees it. */
#include <Python.h>
