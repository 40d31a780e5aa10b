"""Modules of CPython's standard library, written in safe Rust."""
