//! Every module in one library: a static one for the interpreter's own link, a shared one for an
//! interpreter that is already built. This crate only gives the modules the names that C looks up.
#![expect(unsafe_code, reason = "gives exported functions their C names; there is no unsafe block")]

mod registry;
mod switch;

/// Exports the modules, and lists what they tell of themselves.
macro_rules! modules {
    ($($feature:literal => $face:ident: $init:ident, $export:ident;)*) => {
        $(
            /// The interpreter's table of built-in modules names this function. There the module
            /// would come before its C twin, so it is here that the switch is looked at.
            #[cfg(feature = $feature)]
            #[unsafe(no_mangle)]
            pub extern "C" fn $init() -> *mut cpython_api::export::PyObject {
                $face::MODULE.init_or_twin(switch::twin)
            }

            /// An interpreter that loads the shared object looks for this function first (PEP 793).
            #[cfg(feature = $feature)]
            #[unsafe(no_mangle)]
            pub extern "C" fn $export() -> *mut cpython_api::export::PySlot {
                $face::MODULE.export()
            }
        )*

        /// The modules of this library, without `_rust` itself.
        static MODULES: &[cpython_api::Facts] = &[
            $(#[cfg(feature = $feature)] $face::MODULE.facts(),)*
        ];
    };
}

modules! {
    "base64" => base64_face: PyInit__base64, PyModExport__base64;
    "binascii" => binascii_face: PyInit_binascii, PyModExport_binascii;
    "bisect" => bisect_face: PyInit__bisect, PyModExport__bisect;
    "bz2" => bz2_face: PyInit__bz2, PyModExport__bz2;
    "csv" => csv_face: PyInit__csv, PyModExport__csv;
    "json" => json_face: PyInit__json, PyModExport__json;
    "statistics" => statistics_face: PyInit__statistics, PyModExport__statistics;
    "zlib" => zlib_face: PyInit_zlib, PyModExport_zlib;
    "zoneinfo" => zoneinfo_face: PyInit__zoneinfo, PyModExport__zoneinfo;
}

/// The interpreter's table of built-in modules names this function.
#[unsafe(no_mangle)]
pub extern "C" fn PyInit__rust() -> *mut cpython_api::export::PyObject {
    registry::MODULE.init()
}

/// An interpreter that loads the shared object looks for this function first (PEP 793).
#[unsafe(no_mangle)]
pub extern "C" fn PyModExport__rust() -> *mut cpython_api::export::PySlot {
    registry::MODULE.export()
}
