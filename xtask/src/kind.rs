//! The kinds of interpreter: with or without the GIL, with or without debugging, with or without Rust.

/// One kind of interpreter; each has its own folder under `build/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Built with `--disable-gil` (PEP 703).
    pub free_threaded: bool,
    /// Built with `--with-pydebug`.
    pub debug: bool,
    /// Built with the Rust modules inside; without, it is the plain C interpreter.
    pub rust: bool,
    /// Built with profile-guided optimization and link-time optimization.
    pub optimized: bool,
    /// Built with ThreadSanitizer, which reports two threads that touch the same memory in no order.
    pub thread_sanitizer: bool,
}

impl Kind {
    /// The ordinary interpreter, with Rust.
    pub const GIL: Self = Self {
        free_threaded: false,
        debug: false,
        rust: true,
        optimized: false,
        thread_sanitizer: false,
    };
    /// The interpreter without the GIL, with Rust.
    pub const FREE_THREADED: Self = Self { free_threaded: true, ..Self::GIL };
    /// The interpreter that checks itself, with Rust.
    pub const DEBUG: Self = Self { debug: true, ..Self::GIL };

    /// The same kind without Rust: what is compared with.
    pub fn c_only(self) -> Self {
        Self { rust: false, ..self }
    }

    /// The name of its folder: `gil`, `free-threaded`, `debug`, `free-threaded-debug`, with `-optimized` and `-tsan`, and `-c` for C only.
    pub fn name(self) -> String {
        let name = match (self.free_threaded, self.debug) {
            (false, false) => "gil",
            (true, false) => "free-threaded",
            (false, true) => "debug",
            (true, true) => "free-threaded-debug",
        };
        let optimized = if self.optimized { "-optimized" } else { "" };
        let tsan = if self.thread_sanitizer { "-tsan" } else { "" };
        let language = if self.rust { "" } else { "-c" };
        format!("{name}{optimized}{tsan}{language}")
    }

    /// What CPython's `configure` is told.
    pub fn configure_arguments(self) -> Vec<&'static str> {
        let mut arguments = Vec::new();
        if self.free_threaded {
            arguments.push("--disable-gil");
        }
        if self.debug {
            arguments.push("--with-pydebug");
        }
        if self.optimized {
            arguments.extend(["--enable-optimizations", "--with-lto"]);
        }
        if self.thread_sanitizer {
            arguments.push("--with-thread-sanitizer");
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_folder() {
        let kinds = [Kind::GIL, Kind::FREE_THREADED, Kind::DEBUG];
        let mut names: Vec<_> = kinds.iter().flat_map(|k| [k.name(), k.c_only().name()]).collect();
        assert_eq!(names, ["gil", "gil-c", "free-threaded", "free-threaded-c", "debug", "debug-c"]);
        names.dedup();
        assert_eq!(names.len(), 6);
        let optimized = Kind { optimized: true, ..Kind::GIL.c_only() };
        assert_eq!(optimized.name(), "gil-optimized-c");
        assert_eq!(optimized.configure_arguments(), ["--enable-optimizations", "--with-lto"]);
        let tsan = Kind { thread_sanitizer: true, ..Kind::FREE_THREADED.c_only() };
        assert_eq!(tsan.name(), "free-threaded-tsan-c");
        assert_eq!(tsan.configure_arguments(), ["--disable-gil", "--with-thread-sanitizer"]);
    }
}
