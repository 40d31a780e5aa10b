# Builds the Rust modules, and links them into the interpreter, in an ordinary CPython build folder.
#
# The GNUmakefile that `cargo xtask` writes there sets the RUST_* variables, includes CPython's Makefile, and then
# this file. Nothing of CPython is changed: Modules/Setup.local already puts $(RUST_LIBRARY) on the link line.

RUST_CARGO ?= cargo

# The environment in which cargo builds the same thing, whoever starts it. Cargo must not look for make's job server.
RUST_ENVIRONMENT = env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u CARGO_BUILD_TARGET \
	CPYTHON_INCLUDE='$(RUST_INCLUDE)' \
	LIBCLANG_PATH='$(RUST_LIBCLANG_PATH)' \
	BINDGEN_EXTRA_CLANG_ARGS='$(RUST_CLANG_ARGS)'

# Cargo knows best whether anything changed, so it is always asked. It leaves the library alone when nothing did, and
# make then sees its old time and links nothing. Without cargo (`sudo make install`) the library at hand must do.
$(RUST_LIBRARY): rust-force
	@if command -v '$(RUST_CARGO)' >/dev/null || ! test -e $@; then \
		$(RUST_ENVIRONMENT) '$(RUST_CARGO)' rustc --package rust-stdlib --release --crate-type staticlib \
			--manifest-path '$(RUST_WORKSPACE)/Cargo.toml' --target-dir '$(RUST_TARGET_DIR)' \
			--no-default-features --features '$(RUST_FEATURES)'; \
	fi

.PHONY: rust-force rust-library
rust-force:

# The library alone.
rust-library: $(RUST_LIBRARY)

# What is linked with it. The helper programs that freeze modules only need that it is there: they use no Rust module,
# and must not freeze everything anew because one changed.
$(BUILDPYTHON) Programs/_testembed: $(RUST_LIBRARY)
_bootstrap_python Programs/_freeze_module: | $(RUST_LIBRARY)

# The unwinder that panics need is linked in: as a shared library it would be one more file to open at each start.
ifeq ($(MACHDEP),linux)
$(BUILDPYTHON) Programs/_testembed: private LINKCC += -static-libgcc
endif

ifeq ($(PY_ENABLE_SHARED),1)
$(LDLIBRARY): $(RUST_LIBRARY)
endif

# The C modules that Rust ones replace stay in the interpreter as shared objects, for PYTHON_RUST_MODULES: an import
# finds the built-in module first, and that gives way when the variable says so. Each is compiled as CPython would;
# one that configure found nothing for (`zlib` without zlib.h) is left out. RUST_TWINS has name:NAME:file for each.
define RUST_TWIN
ifeq ($$(MODULE_$(2)_STATE),yes)
RUST_TWIN_FILES += Modules/$(1)$$(EXT_SUFFIX)
Modules/$(1)$$(EXT_SUFFIX): $$(srcdir)/Modules/$(3) $$(MODULE_$(2)_DEPS) $$(MODULE_DEPS_SHARED) $$(PYTHON_HEADERS)
	$$(CC) $$(MODULE_$(2)_CFLAGS) $$(PY_STDMODULE_CFLAGS) $$(CCSHARED) -c $$< -o Modules/$(1)-twin.o
	$$(BLDSHARED) Modules/$(1)-twin.o $$(MODULE_$(2)_LDFLAGS) $$(MODULE_LDFLAGS_SHARED) -o $$@
endif
endef
$(foreach twin,$(RUST_TWINS),$(eval $(call RUST_TWIN,$(word 1,$(subst :, ,$(twin))),$(word 2,$(subst :, ,$(twin))),$(word 3,$(subst :, ,$(twin))))))

SHAREDMODS += $(RUST_TWIN_FILES)
sharedmods: $(RUST_TWIN_FILES)

# `python -m rust_stdlib` tells what is Rust.
RUST_PACKAGE = $(RUST_WORKSPACE)/integration/python/rust_stdlib

.PHONY: rust-package rust-install
rust-package: pybuilddir.txt
	@$(MKDIR_P) `cat pybuilddir.txt` && $(LN) -sfn '$(RUST_PACKAGE)' `cat pybuilddir.txt`/rust_stdlib
sharedmods: rust-package

rust-install:
	@$(INSTALL) -d -m $(DIRMODE) $(DESTDIR)$(DESTSHARED)/rust_stdlib
	@$(INSTALL_DATA) '$(RUST_PACKAGE)'/*.py $(DESTDIR)$(DESTSHARED)/rust_stdlib
sharedinstall: rust-install
