//! The Python face of `_zoneinfo`.
#![forbid(unsafe_code)]

mod cache;
mod file;
mod load;
mod state;
mod zone;

use cpython_api::module;

pub use state::State;

module! {
    /// The time zones of zoneinfo, by the rules that TZif files hold.
    name: "_zoneinfo",
    replaces: "Modules/_zoneinfo.c",
    state: State,
}
