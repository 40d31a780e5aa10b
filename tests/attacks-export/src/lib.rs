//! Gives the test modules the names that C looks up; `attacks` itself forbids unsafe code.
#![expect(unsafe_code, reason = "gives exported functions their C names; there is no unsafe block")]

use cpython_api::export::PyObject;

macro_rules! export {
    ($($module:ident$(::$inner:ident)?: $init:ident;)*) => {$(
        /// What an interpreter looks for in the shared object.
        #[unsafe(no_mangle)]
        pub extern "C" fn $init() -> *mut PyObject {
            attacks::$module$(::$inner)?::MODULE.init()
        }
    )*};
}

export! {
    arguments: PyInit_arguments;
    handles: PyInit_handles;
    modules: PyInit_modules;
    panics: PyInit_panics;
    tokens: PyInit_tokens;
    classes: PyInit_classes;
    buffers: PyInit_buffers;
    builders: PyInit_builders;
    clinic: PyInit_clinic;
    locks: PyInit_locks;
    containers: PyInit_containers;
    services: PyInit_services;
    conventions: PyInit_conventions;
    dates: PyInit_dates;
    streams: PyInit_streams;
    careless::with_care: PyInit_careful;
    careless::without: PyInit_careless;
    hygiene: PyInit_hygiene;
    holes: PyInit_holes;
    nothing: PyInit_attacks;
}
