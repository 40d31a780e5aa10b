//! Every module in one library.
