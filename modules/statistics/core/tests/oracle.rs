//! The inverse against the function it inverts, summed from its textbook series.
#![forbid(unsafe_code)]

use statistics_core::normal_dist_inv_cdf;

/// The share of the standard normal distribution beyond `x >= 0`.
fn upper_tail(x: f64) -> f64 {
    let density = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    if x < 1.5 {
        // x + x^3/3 + x^5/(3*5) + ...
        let (mut term, mut sum) = (x, x);
        for odd in (3..200).step_by(2) {
            term *= x * x / f64::from(odd);
            sum += term;
        }
        0.5 - density * sum
    } else {
        // density / (x + 1/(x + 2/(x + 3/(x + ...))))
        density / (1..300).rev().fold(x, |inner, n| x + f64::from(n) / inner)
    }
}

fn standard(p: f64) -> f64 {
    normal_dist_inv_cdf(p, 0.0, 1.0).unwrap_or(f64::NAN)
}

#[test]
fn inverts_the_distribution() {
    // The exponent runs through all three parts of the approximation.
    for step in 1..3000 {
        let p = (-f64::from(step) / 10.0).exp() / 2.0;
        let x = standard(p);
        // A relative error e of x moves the tail by about x^2 * e.
        let tolerance = 1e-15 * (4.0 + x * x);
        let back = upper_tail(-x);
        assert!(((back - p) / p).abs() < tolerance, "p {p:e} x {x} back {back:e}");
    }
}

#[test]
fn is_odd_around_one_half() {
    for step in 1..512 {
        let p = f64::from(step) / 1024.0;
        assert_eq!(standard(p).to_bits(), (-standard(1.0 - p)).to_bits(), "p {p}");
    }
}

#[test]
fn rises() {
    for step in 1..10_000 {
        let p = f64::from(step) / 10_001.0;
        assert!(standard(p) < standard(p + 1.0 / 10_001.0), "p {p}");
    }
}
