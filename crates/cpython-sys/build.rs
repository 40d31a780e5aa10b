//! Generates the bindings from the headers of the interpreter being built for.

use bindgen::callbacks::{IntKind, ParseCallbacks};
use std::path::PathBuf;
use std::{env, fs, panic, process};

/// The one CPython version that the workspace supports.
const VERSION: (&str, &str) = ("3", "15");

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CPYTHON_INCLUDE");
    for name in ["Py_GIL_DISABLED", "Py_DEBUG", "Py_REF_DEBUG"] {
        println!("cargo::rustc-check-cfg=cfg({name})");
    }
    if let Err(sentence) = generate() {
        println!("cargo::error={sentence}");
        process::exit(1);
    }
}

fn generate() -> Result<(), String> {
    let folders = include_folders()?;
    check_version(&read_header(&folders, "patchlevel.h")?)?;
    emit_cfg(&read_header(&folders, "pyconfig.h")?);

    let mut builder = bindgen::builder()
        .header("wrapper.h")
        .rust_target(rust_target()?)
        .rust_edition(bindgen::RustEdition::Edition2024)
        .use_core()
        .merge_extern_blocks(true)
        .formatter(bindgen::Formatter::None)
        .generate_comments(false)
        .prepend_enum_name(false)
        .derive_debug(false)
        .default_macro_constant_type(bindgen::MacroTypeVariation::Signed)
        .clang_macro_fallback()
        .clang_macro_fallback_build_dir(out_folder()?)
        .blocklist_file(".*/pyconfig\\.h")
        .blocklist_type("FILE|_IO_.*|__off_t|__off64_t")
        .blocklist_var("PySlot_END|_PyABIInfo_DEFAULT|Py_tss_NEEDS_INIT") // braces, not values
        .blocklist_var("Py_MATH_(PI|E)l") // long double
        .raw_line("#[repr(C)] pub struct FILE { _opaque: [u8; 0] }")
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .parse_callbacks(Box::new(ConstantTypes));
    for folder in &folders {
        let folder = folder.to_str().ok_or_else(|| {
            format!("the path {} in CPYTHON_INCLUDE is not valid UTF-8.", folder.display())
        })?;
        builder = builder
            .clang_arg(format!("-I{folder}"))
            .allowlist_file(format!("{}/.*", escape(folder)));
    }
    // bindgen panics when it finds no libclang.
    let bindings = panic::catch_unwind(panic::AssertUnwindSafe(|| builder.generate()))
        .map_err(|_| {
            "libclang cannot be used: `cargo xtask` installs it; to do so by hand, install it \
             (libclang-dev on Debian) or name its folder in LIBCLANG_PATH."
        })?
        .map_err(|error| format!("libclang could not read the headers of CPython: {error}"))?;
    let target = out_folder()?.join("bindings.rs");
    bindings.write_to_file(&target).map_err(|error| format!("{}: {error}", target.display()))
}

/// The folders named by `CPYTHON_INCLUDE`, as `PATH` names folders.
fn include_folders() -> Result<Vec<PathBuf>, String> {
    let list = env::var_os("CPYTHON_INCLUDE").filter(|list| !list.is_empty()).ok_or(
        "CPYTHON_INCLUDE is not set: `cargo xtask` sets it; to set it by hand, name CPython's Include \
         folder and the build folder that has pyconfig.h, for example \
         CPYTHON_INCLUDE=/path/to/cpython/Include:/path/to/cpython.",
    )?;
    Ok(env::split_paths(&list).collect())
}

fn out_folder() -> Result<PathBuf, String> {
    env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| "OUT_DIR is not set.".into())
}

/// The workspace's oldest Rust, not the one at hand: the same headers give the same bindings.
fn rust_target() -> Result<bindgen::RustTarget, String> {
    bindgen::RustTarget::stable(89, 0).map_err(|error| error.to_string())
}

fn read_header(folders: &[PathBuf], name: &str) -> Result<String, String> {
    let mut paths = folders.iter().map(|folder| folder.join(name));
    let path = paths.find(|path| path.is_file()).ok_or_else(|| {
        format!(
            "no folder in CPYTHON_INCLUDE has {name}: it must name CPython's Include folder and the \
             build folder that has pyconfig.h."
        )
    })?;
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}

fn check_version(patchlevel: &str) -> Result<(), String> {
    let found = |name| define(patchlevel, name).unwrap_or("?");
    let version = (found("PY_MAJOR_VERSION"), found("PY_MINOR_VERSION"));
    if version == VERSION {
        return Ok(());
    }
    Err(format!(
        "the headers in CPYTHON_INCLUDE are of CPython {}.{}; this workspace supports {}.{} only.",
        version.0, version.1, VERSION.0, VERSION.1
    ))
}

/// Turns the build kind that `pyconfig.h` records into `cfg` flags of this crate.
fn emit_cfg(pyconfig: &str) {
    let is_set = |name| define(pyconfig, name).is_some();
    let debug = is_set("Py_DEBUG");
    for (name, on) in [
        ("Py_GIL_DISABLED", is_set("Py_GIL_DISABLED")),
        ("Py_DEBUG", debug),
        ("Py_REF_DEBUG", debug || is_set("Py_REF_DEBUG")), // as object.h does
    ] {
        if on {
            println!("cargo::rustc-cfg={name}");
        }
    }
}

/// The text after `#define name`; empty when it is defined as nothing.
fn define<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.lines().find_map(|line| {
        let mut words = line.strip_prefix("#define")?.split_whitespace();
        (words.next()? == name).then(|| words.next().unwrap_or_default())
    })
}

/// A folder as a regular expression that matches just it.
fn escape(folder: &str) -> String {
    let mut pattern = String::new();
    for c in folder.trim_end_matches(std::path::is_separator).chars() {
        if !c.is_alphanumeric() && c != '/' {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Gives a macro the type of the field or argument that it is for, where that is not `int`.
#[derive(Debug)]
struct ConstantTypes;

impl ParseCallbacks for ConstantTypes {
    fn int_macro(&self, name: &str, _value: i64) -> Option<IntKind> {
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        if starts(&["Py_TPFLAGS_", "_Py_TPFLAGS_", "PYTHREAD_INVALID_THREAD_ID"]) {
            Some(IntKind::ULong)
        } else if starts(&["Py_CONSTANT_"]) {
            Some(IntKind::UInt)
        } else if ["PyABIInfo_DEFAULT_ABI_VERSION", "PY_VERSION_HEX"].contains(&name) {
            Some(IntKind::U32)
        } else if ["PY_VECTORCALL_ARGUMENTS_OFFSET", "PY_SIZE_MAX"].contains(&name) {
            Some(IntKind::Custom { name: "usize", is_signed: false })
        } else if ["PY_SSIZE_T_MAX", "PY_SSIZE_T_MIN"].contains(&name) {
            Some(IntKind::Custom { name: "isize", is_signed: true })
        } else if name == "PY_ULLONG_MAX" {
            Some(IntKind::U64)
        } else if starts(&["PySlot_", "PyABIInfo_", "Py_slot_invalid"]) {
            Some(IntKind::U16)
        } else {
            None
        }
    }
}
