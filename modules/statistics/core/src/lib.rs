//! The inverse of the normal distribution's cumulative function.
//!
//! The method is algorithm AS 241, function PPND16: M. J. Wichura, "The Percentage Points of the
//! Normal Distribution", Applied Statistics 37 (1988), pages 477-484. Three quotients of
//! polynomials, each for its part of the range, give about 16 decimal digits.
//!
//! Python's results are compared to the last bit, so each sum and product is rounded on its own
//! and in the order written: Rust never contracts them to a fused multiply-add.
#![forbid(unsafe_code)]
#![allow(clippy::excessive_precision, reason = "the coefficients stand as published")]

/// The value below which a share `p` of a normal distribution lies, for the mean `mu` and the
/// standard deviation `sigma`.
///
/// `None` if `p` is not strictly between 0 and 1. NaN anywhere gives NaN; `sigma` is not checked.
///
/// # Examples
/// ```
/// use statistics_core::normal_dist_inv_cdf;
///
/// assert_eq!(normal_dist_inv_cdf(0.5, 100.0, 15.0), Some(100.0));
/// assert_eq!(normal_dist_inv_cdf(1.0, 100.0, 15.0), None);
/// ```
#[inline]
pub fn normal_dist_inv_cdf(p: f64, mu: f64, sigma: f64) -> Option<f64> {
    if p <= 0.0 || p >= 1.0 {
        return None;
    }
    let q = p - 0.5;
    let x = if q.abs() <= CENTRE_HALF_WIDTH {
        let r = CENTRE_HALF_WIDTH_SQUARED - q * q;
        quotient(polynomial(&CENTRE.0, r) * q, polynomial(&CENTRE.1, r))?
    } else {
        // The distance to the nearer end of the range, which is the smaller one: a minimum costs less
        // than a choice by the sign of q. Subtracting cannot reach 0 or 1 here.
        let other = 1.0 - p;
        let tail = if p < other { p } else { other };
        let r = (-tail.ln()).sqrt();
        // Written out for each table, so that the coefficients are constants in the code.
        let x = if r <= FAR_TAIL_START {
            let r = r - TAIL_SHIFT;
            quotient(polynomial(&TAIL.0, r), polynomial(&TAIL.1, r))?
        } else {
            let r = r - FAR_TAIL_START;
            quotient(polynomial(&FAR_TAIL.0, r), polynomial(&FAR_TAIL.1, r))?
        };
        // The sign of x, given to what it is multiplied with: that is there already.
        return Some(mu + x * if q < 0.0 { -sigma } else { sigma });
    };
    Some(mu + x * sigma)
}

/// A division that refuses zero, as Python's does.
fn quotient(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator != 0.0).then(|| numerator / denominator)
}

/// Horner's rule, from the highest power down.
fn polynomial([highest, rest @ ..]: &[f64; 8], r: f64) -> f64 {
    rest.iter().fold(*highest, |sum, coefficient| sum * r + coefficient)
}

/// A numerator's and a denominator's coefficients, the highest power first.
type Rational = ([f64; 8], [f64; 8]);

const CENTRE_HALF_WIDTH: f64 = 0.425;
const CENTRE_HALF_WIDTH_SQUARED: f64 = 0.180625;
const TAIL_SHIFT: f64 = 1.6;
const FAR_TAIL_START: f64 = 5.0;

/// The paper's a and b: `p` within 0.425 of one half.
const CENTRE: Rational = (
    [
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    ],
    [
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ],
);

/// The paper's c and d: tails down to exp(-25).
const TAIL: Rational = (
    [
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    ],
    [
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    ],
);

/// The paper's e and f: everything further out.
const FAR_TAIL: Rational = (
    [
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e0,
        5.46378491116411436990e0,
        6.65790464350110377720e0,
    ],
    [
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ],
);
