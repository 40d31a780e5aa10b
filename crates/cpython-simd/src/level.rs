//! Which vector instructions this CPU has, asked once.

use std::sync::atomic::{AtomicU8, Ordering};

/// A set of vector instructions that this CPU has. A later one contains the earlier ones.
///
/// # Invariants
///
/// A value exists only on a CPU (and an operating system) that has the instructions it names, so
/// that having one is leave to call functions compiled for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(pub(crate) Name);

/// What a [`Level`] is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Name {
    /// What every CPU of the target architecture has.
    Scalar = 1,
    /// AVX2 and carry-less multiplication: Intel since 2013, AMD since 2015.
    #[cfg(target_arch = "x86_64")]
    Avx2 = 2,
    /// AVX-512 with VBMI 1 and 2 and wide carry-less multiplication: Intel since 2019, AMD since 2022.
    #[cfg(target_arch = "x86_64")]
    Avx512 = 3,
}

impl Level {
    /// No vector instructions beyond what the target architecture always has.
    pub const SCALAR: Self = Self(Name::Scalar);

    /// The level that kernels use now: the best there is, unless [`Level::limit`] says otherwise.
    #[inline]
    pub fn current() -> Self {
        match CURRENT.load(Ordering::Relaxed) {
            // INVARIANT: `CURRENT` is only ever set to the name of a level that exists.
            #[cfg(target_arch = "x86_64")]
            3 => Self(Name::Avx512),
            #[cfg(target_arch = "x86_64")]
            2 => Self(Name::Avx2),
            1 => Self::SCALAR,
            _ => Self::ask(),
        }
    }

    /// Every level this CPU has, the lowest first.
    pub fn available() -> impl Iterator<Item = Self> {
        let best = detect();
        [
            Name::Scalar,
            #[cfg(target_arch = "x86_64")]
            Name::Avx2,
            #[cfg(target_arch = "x86_64")]
            Name::Avx512,
        ]
        .into_iter()
        .filter(move |&name| name <= best)
        // INVARIANT: the best level contains all lower ones.
        .map(Self)
    }

    /// The level called `name` (`scalar`, `avx2` or `avx512`), when this CPU has it.
    pub fn named(name: &str) -> Option<Self> {
        Self::available().find(|level| level.name() == name)
    }

    /// What this level is called.
    pub fn name(self) -> &'static str {
        match self.0 {
            Name::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Name::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Name::Avx512 => "avx512",
        }
    }

    /// Makes all kernels in this process use `level` from now on: for tests and measurements.
    /// Results do not depend on it.
    pub fn limit(level: Self) {
        CURRENT.store(level.0 as u8, Ordering::Relaxed);
    }

    #[cold]
    fn ask() -> Self {
        // INVARIANT: `detect` names only what the CPU has.
        let level = Self(detect());
        Self::limit(level);
        level
    }
}

#[cfg(target_arch = "x86_64")]
fn detect() -> Name {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("pclmulqdq");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vbmi")
        && is_x86_feature_detected!("avx512vbmi2")
        && is_x86_feature_detected!("vpclmulqdq");
    match (avx2, avx512) {
        (true, true) => Name::Avx512,
        (true, false) => Name::Avx2,
        (false, _) => Name::Scalar,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detect() -> Name {
    Name::Scalar
}

/// The name of the current level; 0 before anybody has asked.
static CURRENT: AtomicU8 = AtomicU8::new(0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_distinct_names_and_an_order() {
        let levels: Vec<Level> = Level::available().collect();
        assert_eq!(levels[0], Level::SCALAR);
        assert!(levels.is_sorted());
        for &level in &levels {
            assert_eq!(Level::named(level.name()), Some(level));
        }
        assert_eq!(Level::named("mmx"), None);
    }
}
