//! Raw bindings to CPython.
