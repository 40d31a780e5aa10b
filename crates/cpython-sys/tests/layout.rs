//! Every constant, size, alignment and offset in the bindings, put to the C compiler.
//!
//! The bindings themselves assert (at compile time) that Rust lays each struct out as libclang said;
//! here the platform's C compiler says whether libclang was right.

#[path = "support/compiler.rs"]
mod compiler;

use std::{collections::BTreeSet, fs, path::Path};

/// What the build script generated for this very build.
const BINDINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/bindings.rs"));

#[test]
fn constants_have_the_values_of_c() {
    let mut asserts = Vec::new();
    for statement in BINDINGS.split("pub const ").skip(1) {
        let Some((name, rest)) = statement.split_once(" : ") else { continue };
        let Some((_, value)) = rest.split_once(" = ").filter(|_| is_word(name)) else { continue };
        let value = value.split(" ;").next().unwrap_or(value).replace(' ', "");
        asserts.push(if let Some(text) = value.strip_prefix("b\"") {
            format!("__builtin_strcmp({name}, \"{}) == 0", text.replace("\\0\"", "\""))
        } else if value.contains('.') {
            format!("(double)({name}) == {value}")
        } else if value.starts_with('-') {
            // The smallest number has no literal in C.
            format!("({name}) < 0 && ({name}) + 1 == {}LL", value.parse::<i64>().unwrap() + 1)
        } else {
            format!("({name}) >= 0 && ({name}) == {value}ULL")
        });
    }
    assert!(asserts.len() > 400, "only {} constants found: is the scan broken?", asserts.len());
    let source: String = asserts.iter().map(|text| assertion(text)).collect();
    compile("constants", &source).unwrap();
}

#[test]
fn types_have_the_layout_of_c() {
    let mut asserts = Vec::new();
    for statement in BINDINGS.split("[\"").skip(1) {
        let Some((what, rest)) = statement.split_once("\"]") else { continue };
        let Some(number) = rest.split("usize]").next().and_then(|text| text.rsplit(' ').next())
        else {
            continue;
        };
        if let Some(name) = what.strip_prefix("Size of ").filter(|name| has_name_in_c(name)) {
            asserts.push((name, format!("sizeof(TYPE) == {number}")));
        } else if let Some(name) = what.strip_prefix("Alignment of ").filter(|n| has_name_in_c(n)) {
            asserts.push((name, format!("_Alignof(TYPE) == {number}")));
        } else if let Some((name, field)) =
            what.strip_prefix("Offset of field: ").and_then(|field| field.split_once("::"))
            && has_name_in_c(name)
            && !field.contains("bindgen")
        {
            let field = field.trim_end_matches('_'); // `type_`: a keyword of Rust
            asserts.push((name, format!("offsetof(TYPE, {field}) == {number}")));
        }
    }
    assert!(asserts.len() > 500, "only {} assertions found: is the scan broken?", asserts.len());

    let names: BTreeSet<&str> = asserts.iter().map(|(name, _)| *name).collect();
    let tags = struct_tags(&names.into_iter().collect::<Vec<_>>());
    let source: String = asserts
        .iter()
        .map(|(name, text)| {
            let keyword = if tags.contains(name) { "struct " } else { "" };
            assertion(&text.replace("TYPE", &format!("{keyword}{name}")))
        })
        .collect();
    compile("layout", &source).unwrap();
}

#[test]
fn a_wrong_assertion_is_noticed() {
    assert!(compile("wrong", &assertion("sizeof(PyObject) == 1")).is_err());
    assert!(compile("right", &assertion("sizeof(PyObject) > 1")).is_ok());
}

/// The names that are struct tags in C and not typedefs: only the compiler knows, by complaining
/// about the lines that take a tag for a typedef.
fn struct_tags<'a>(names: &[&'a str]) -> BTreeSet<&'a str> {
    let mut tags = BTreeSet::new();
    loop {
        let probe = |name: &&str| {
            let keyword = if tags.contains(name) { "struct " } else { "" };
            format!("extern {keyword}{name} *probe_{name};\n")
        };
        let Err(complaints) = compile("tags", &names.iter().map(probe).collect::<String>()) else {
            return tags;
        };
        let wrong = complaints.lines().filter_map(|line| {
            let number = line.split_once("tags.c:")?.1.split(':').next()?;
            names.get(number.parse::<usize>().ok()?.checked_sub(FIRST_LINE)?).copied()
        });
        let known = tags.len();
        tags.extend(wrong.collect::<Vec<_>>());
        assert!(tags.len() > known, "{complaints}");
    }
}

/// Unnamed types have a name in the bindings only; their fields are compared in `inline.rs`.
fn has_name_in_c(name: &str) -> bool {
    !name.contains("__bindgen_ty") && name != "__va_list_tag"
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn assertion(condition: &str) -> String {
    format!("_Static_assert({condition}, \"\");\n")
}

/// What each compiled file starts with.
const INCLUDES: &str = "#include <Python.h>\n#include <datetime.h>\n#include <stddef.h>\n";

/// The line of the first statement in a compiled file.
const FIRST_LINE: usize = 4;

/// Has the C compiler check a file that includes the headers; what it complains about is the error.
fn compile(name: &str, source: &str) -> Result<(), String> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.c"));
    fs::write(&path, format!("{INCLUDES}{source}")).unwrap();
    compiler::run(&["-fsyntax-only".as_ref(), "-w".as_ref(), path.as_os_str()])
}
