//! CPython calls with typed contracts.
