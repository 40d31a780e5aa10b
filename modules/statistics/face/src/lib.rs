//! The module `_statistics`: what `statistics` has in C for speed.
#![forbid(unsafe_code)]

use cpython_api::exception::ValueError;
use cpython_api::{PyResult, ThreadState, function, module};

module! {
    /// The parts of the statistics module that are worth compiling.
    name: "_statistics",
    replaces: "Modules/_statisticsmodule.c",
    functions: [_normal_dist_inv_cdf],
}

#[function("_normal_dist_inv_cdf(p, mu, sigma, /)")]
fn _normal_dist_inv_cdf(ts: &ThreadState<'_>, p: f64, mu: f64, sigma: f64) -> PyResult<f64> {
    statistics_core::normal_dist_inv_cdf(p, mu, sigma)
        .ok_or_else(|| ValueError::new(ts, "inv_cdf undefined for these parameters"))
}
