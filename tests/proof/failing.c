/* The module `failing`: calls a function with its n-th allocation failing.

   Python's allocations are counted by hooks on its three allocators. Rust's are those calls of malloc that come from
   a library that is watched: they end here when this library is preloaded. */

#define _GNU_SOURCE
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* glibc's own names, under which it calls nobody back. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

#define OF_THREAD static __thread __attribute__((tls_model("initial-exec")))

OF_THREAD int counting;        /* whether allocations of this thread are counted */
OF_THREAD int inside;          /* whether an allocation that was counted already is being made */
OF_THREAD unsigned long seen;  /* how many there were */
OF_THREAD unsigned long first; /* the first that fails, from 1 */
OF_THREAD int and_all_after;
OF_THREAD int failed;

static struct { uintptr_t start, end; } watched[64];
static int watched_count;

static int
fails(void)
{
    if (!counting) {
        return 0;
    }
    seen++;
    if (seen == first || (and_all_after && seen > first)) {
        failed = 1;
        return 1;
    }
    return 0;
}

/* malloc */

static int
fails_for(const void *caller)
{
    if (!counting || inside) {
        return 0;
    }
    for (int i = 0; i < watched_count; i++) {
        if (watched[i].start <= (uintptr_t)caller && (uintptr_t)caller < watched[i].end) {
            return fails();
        }
    }
    return 0;
}

#define FAIL_OR(succeed) \
    do { \
        if (fails_for(__builtin_return_address(0))) { \
            errno = ENOMEM; \
            return NULL; \
        } \
        return succeed; \
    } while (0)

void *malloc(size_t size) { FAIL_OR(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { FAIL_OR(__libc_calloc(count, size)); }
void *realloc(void *memory, size_t size) { FAIL_OR(__libc_realloc(memory, size)); }
void *aligned_alloc(size_t alignment, size_t size) { FAIL_OR(__libc_memalign(alignment, size)); }

int
posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (fails_for(__builtin_return_address(0))) {
        return ENOMEM;
    }
    *memory = __libc_memalign(alignment, size);
    return *memory == NULL ? ENOMEM : 0;
}

/* Python's allocators */

static PyMemAllocatorEx below[3];

#define HOOK(result) \
    if (fails()) { \
        return NULL; \
    } \
    PyMemAllocatorEx *alloc = ctx; \
    inside++; \
    void *memory = result; \
    inside--; \
    return memory

static void *hook_malloc(void *ctx, size_t size) { HOOK(alloc->malloc(alloc->ctx, size)); }
static void *hook_calloc(void *ctx, size_t n, size_t size) { HOOK(alloc->calloc(alloc->ctx, n, size)); }
static void *hook_realloc(void *ctx, void *p, size_t size) { HOOK(alloc->realloc(alloc->ctx, p, size)); }

static void
hook_free(void *ctx, void *p)
{
    PyMemAllocatorEx *alloc = ctx;
    alloc->free(alloc->ctx, p);
}

static void
install(void)
{
    const PyMemAllocatorDomain domains[3] = {PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};
    for (int i = 0; i < 3; i++) {
        PyMem_GetAllocator(domains[i], &below[i]);
        PyMemAllocatorEx hook = {&below[i], hook_malloc, hook_calloc, hook_realloc, hook_free};
        PyMem_SetAllocator(domains[i], &hook);
    }
}

/* The functions */

static int
note_ranges(struct dl_phdr_info *info, size_t size, void *path)
{
    char real[PATH_MAX];
    const char *name = info->dlpi_name[0] ? info->dlpi_name : "/proc/self/exe";
    if (realpath(name, real) == NULL || strcmp(real, path) != 0) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X) && watched_count < 64) {
            watched[watched_count].start = info->dlpi_addr + part->p_vaddr;
            watched[watched_count].end = info->dlpi_addr + part->p_vaddr + part->p_memsz;
            watched_count++;
        }
    }
    return 0;
}

static PyObject *
watch(PyObject *self, PyObject *arg)
{
    const char *path = PyUnicode_AsUTF8(arg);
    if (path == NULL) {
        return NULL;
    }
    int before = watched_count;
    dl_iterate_phdr(note_ranges, (void *)path);
    return PyBool_FromLong(watched_count > before);
}

static PyObject *
call(PyObject *self, PyObject *args)
{
    PyObject *function, *positional, *named;
    unsigned long n;
    int all_after;
    if (!PyArg_ParseTuple(args, "OO!O!kp", &function, &PyTuple_Type, &positional, &PyDict_Type, &named, &n, &all_after)) {
        return NULL;
    }
    if (PyDict_GET_SIZE(named) == 0) {
        named = NULL;
    }
    seen = 0;
    first = n;
    and_all_after = all_after;
    failed = 0;
    counting = 1;
    PyObject *result = PyObject_Call(function, positional, named);
    counting = 0;
    PyObject *error = result == NULL ? PyErr_GetRaisedException() : NULL;
    if (result == NULL && error == NULL) {
        PyErr_SetString(PyExc_SystemError, "the call failed without an exception");
        return NULL;
    }
    return Py_BuildValue("OkNN", failed ? Py_True : Py_False, seen, result ? result : Py_NewRef(Py_None),
                         error ? error : Py_NewRef(Py_None));
}

static PyMethodDef functions[] = {
    {"watch", watch, METH_O, PyDoc_STR("watch(path): count calls of malloc by this library; whether it is loaded")},
    {"call", call, METH_VARARGS,
     PyDoc_STR("call(function, args, kwargs, n, all_after): (whether one failed, how many, result, exception)")},
    {NULL, NULL, 0, NULL},
};

static int
exec(PyObject *module)
{
    install();
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, exec},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "failing", PyDoc_STR("Calls functions while memory is short."), 0, functions, slots,
};

PyMODINIT_FUNC
PyInit_failing(void)
{
    return PyModuleDef_Init(&definition);
}
