//! Where on a plot a ratio lies: twice as fast is as far from 1 as half as fast.

use serde::Serialize;

/// A logarithmic scale, in percents of a plot's width; what is right of it is for numbers.
pub(super) struct Scale {
    low: f64,
    high: f64,
}

/// A line down the plot.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Tick {
    /// Percents from the left.
    pub place: f64,
    /// What it stands for.
    pub label: String,
}

impl Scale {
    /// A scale with room for these ratios, and for 1 and 2 in any case.
    pub(super) fn of(ratios: impl Iterator<Item = f64>) -> Self {
        let mut scale = Self { low: 0.0, high: 1.0 };
        for ratio in ratios.filter(|ratio| ratio.is_finite() && *ratio > 0.0) {
            scale.low = scale.low.min(ratio.log2().floor());
            scale.high = scale.high.max(ratio.log2().ceil());
        }
        scale
    }

    /// The place of a ratio; at the edge when it is beyond.
    pub(super) fn place(&self, ratio: f64) -> f64 {
        let share = (ratio.max(f64::MIN_POSITIVE).log2() - self.low) / (self.high - self.low);
        (share.clamp(0.0, 1.0) * WIDTH * 100.0).round() / 100.0
    }

    /// Lines at powers of two, among them 1, not more than fit on a phone.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let (low, high) = (self.low as i32, self.high as i32);
        let step = (high - low).div_euclid(MOST_TICKS) + 1;
        let powers = (low..=high).filter(|power| power.rem_euclid(step) == 0);
        powers
            .map(|power| {
                let ratio = f64::from(power).exp2();
                let label =
                    if power < 0 { format!("1/{}", 1.0 / ratio) } else { ratio.to_string() };
                Tick { place: self.place(ratio), label: label + "×" }
            })
            .collect()
    }
}

/// Percents of the width that bars take at most.
const WIDTH: f64 = 78.0;
const MOST_TICKS: i32 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_lie_between_powers_of_two() {
        let scale = Scale::of([0.9, 3.0].into_iter());
        assert_eq!(
            [0.5, 1.0, 4.0, 9.0, 0.0].map(|ratio| scale.place(ratio)),
            [0.0, 26.0, 78.0, 78.0, 0.0]
        );
    }

    #[test]
    fn one_is_always_marked() {
        for ratios in [[0.05, 141.0], [1.0, 1.0], [0.99, 1.0], [1.0, 70.0], [f64::NAN, 0.0]] {
            let labels: Vec<_> =
                Scale::of(ratios.into_iter()).ticks().into_iter().map(|tick| tick.label).collect();
            assert!(labels.contains(&"1×".to_owned()) && labels.len() <= 7, "{labels:?}");
            assert!(labels.len() >= 2, "{labels:?}");
        }
    }
}
