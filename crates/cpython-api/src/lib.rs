//! The safe API that modules use.
