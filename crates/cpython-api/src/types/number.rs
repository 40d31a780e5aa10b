//! `int`, `float`, `bool`, `None`.
