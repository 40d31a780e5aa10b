/* What cpython-sys takes from CPython's internal headers, which the public ones do not show. */
#define Py_BUILD_CORE 1
#include <Python.h>
#include "internal/pycore_pystate.h"

int c_Py_THREAD_ATTACHED(void) { return _Py_THREAD_ATTACHED; }
