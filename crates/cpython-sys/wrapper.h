/* What cpython-sys binds: the public C API, as an extension module sees it. */
#include <Python.h>

/* Without the static pointer to the table of functions: that would be one for all interpreters. */
#define _PY_DATETIME_IMPL
#include <datetime.h>
