//! The inverse of the normal distribution: it grows, it is odd, and the distribution of its result is what it was asked.
#![no_main]

use statistics_core::normal_dist_inv_cdf;

libfuzzer_sys::fuzz_target!(|input: (f64, f64, f64, f64)| {
    let (p, q, mu, sigma) = input;
    let _ = normal_dist_inv_cdf(p, mu, sigma); // whatever they are
    for p in [p, q].map(f64::abs).map(|x| x - x.floor()).into_iter().filter(|p| p.is_finite()) {
        let Some(x) = normal_dist_inv_cdf(p, 0.0, 1.0) else {
            assert!(p <= 0.0 || p >= 1.0, "{p}");
            continue;
        };
        assert!(x.is_finite(), "{p}");
        let next = p * (1.0 + 1e-9);
        if next < 1.0 {
            assert!(normal_dist_inv_cdf(next, 0.0, 1.0).is_none_or(|y| y >= x), "{p}");
        }
        if p > 1e-6 && p < 1.0 - 1e-6 {
            assert!((distribution(x) - p).abs() < 1e-9, "{p}: {x}");
        }
    }
});

/// The normal distribution, by adding up its series.
fn distribution(x: f64) -> f64 {
    let (mut sum, mut term, mut n) = (x, x, 1.0);
    while term.abs() > 1e-18 && n < 400.0 {
        n += 2.0;
        term *= x * x / n;
        sum += term;
    }
    0.5 + sum * (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}
