//! A set of addresses from which the newest goes first.
use std::collections::TryReserveError;

/// The addresses, each in the first free place of a table from where its hash says.
///
/// INVARIANT: at least half of the places are free (zero). Each address was added when those that
/// are here with it and older were here: so nothing is searched in vain once the newest is gone.
#[derive(Default)]
pub(super) struct Addresses {
    table: Vec<usize>,
    used: usize,
}

impl Addresses {
    /// Whether the address is here.
    #[inline]
    pub(super) fn has(&self, address: usize) -> bool {
        self.place_of(address).and_then(|place| self.table.get(place)) == Some(&address)
    }

    /// Whether one more fits.
    #[inline]
    pub(super) fn has_room(&self) -> bool {
        2 * self.used < self.table.len()
    }

    /// Adds an address, for which there is room.
    #[inline]
    pub(super) fn add(&mut self, address: usize) {
        if let Some(place) = self.place_of(address)
            && let Some(place @ 0) = self.table.get_mut(place)
        {
            *place = address;
            self.used += 1;
        }
    }

    /// Removes the address that was added last.
    #[inline]
    pub(super) fn remove_newest(&mut self, address: usize) {
        if let Some(place) = self.place_of(address)
            && let Some(place) = self.table.get_mut(place)
            && *place == address
        {
            *place = 0;
            self.used -= 1;
        }
    }

    /// Makes a table of twice the size; `all` are those that are here, the oldest first.
    ///
    /// # Errors
    /// No memory; then nothing has changed.
    pub(super) fn grow(&mut self, all: impl Iterator<Item = usize>) -> Result<(), TryReserveError> {
        let size = (2 * self.table.len()).max(SMALLEST);
        let mut table = Vec::new();
        table.try_reserve_exact(size)?;
        table.extend(std::iter::repeat_n(0, size));
        *self = Self { table, used: 0 };
        all.for_each(|address| self.add(address));
        Ok(())
    }

    /// Removes all.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Where the address is, or else would be.
    #[inline]
    fn place_of(&self, address: usize) -> Option<usize> {
        let mask = self.table.len().wrapping_sub(1);
        let first = (address as u64).wrapping_mul(MIX).rotate_left(SPREAD) as usize;
        let mut places = (0..self.table.len()).map(|step| first.wrapping_add(step) & mask);
        places.find(|&place| self.table.get(place).is_none_or(|&c| c == 0 || c == address))
    }
}

/// The size of the first table; all are powers of two.
const SMALLEST: usize = 64;
/// Odd, its bits without a pattern: the highest bits of a product depend on all of the address.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
/// Brings the highest bits of a product down to where the mask looks.
const SPREAD: u32 = 24;
