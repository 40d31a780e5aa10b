//! Every tool of the project, as modules; `main.rs` chooses among them.
#![forbid(unsafe_code)]

pub mod attach;
pub mod bench;
pub mod check;
pub mod configure;
pub mod ecosystem;
pub mod expand;
pub mod fuzz;
pub mod glue;
pub mod interpreter;
pub mod kind;
pub mod layout;
pub mod libclang;
pub mod lock;
pub mod logged;
pub mod make;
pub mod mdbook;
pub mod new_module;
pub mod packages;
pub mod programs;
pub mod progress;
pub mod rooms;
pub mod run;
pub mod source;
pub mod stamp;
pub mod table;
pub mod test;
pub mod tidy;
pub mod wheel;
