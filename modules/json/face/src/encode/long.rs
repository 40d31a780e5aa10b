//! Integers of more than 60 bits.
use cpython_api::types::{PyInt, Value};
use cpython_api::{Bound, PyErr, PyResult};
use json_core::encode::limbs_for;

use super::walk::Walk;

impl<'py> Walk<'_, 'py> {
    /// Adds an integer of any size. C prints those that are very large, or that have more digits
    /// than the interpreter allows, which is an error.
    #[inline(never)]
    pub(super) fn long(&mut self, value: &Bound<'py, PyInt>) -> PyResult<()> {
        let mut few = [0; FEW];
        let size = value.copy_le_bytes(&mut few);
        let is_written = match size {
            0..=FEW => self.out.long(&mut few, &mut [0; limbs_for(FEW)])?,
            ..=MANY if self.may_print(size)? => {
                let (mut bytes, mut limbs) = (Vec::new(), Vec::new());
                let size = size.next_multiple_of(4);
                let room = limbs_for(size);
                if bytes.try_reserve_exact(size).is_err() || limbs.try_reserve_exact(room).is_err()
                {
                    return Err(PyErr::no_memory(self.ts));
                }
                bytes.extend(std::iter::repeat_n(0, size));
                limbs.extend(std::iter::repeat_n(0, room));
                value.copy_le_bytes(&mut bytes);
                self.out.long(&mut bytes, &mut limbs)?
            }
            _ => false,
        };
        if is_written { Ok(()) } else { self.out.text(&value.to_decimal()?) }
    }

    /// Whether an integer of so many bytes surely has no more digits than are allowed.
    fn may_print(&mut self, size: usize) -> PyResult<bool> {
        if size <= ALWAYS {
            return Ok(true);
        }
        self.path.show()?;
        let module = self.rules.encoder_itself.module()?;
        let allowed = module.state()?.max_digits.get(self.ts).call0()?.value();
        // A bit is less than 0.302 digits.
        let digits = (8 * size * 302 / 1000 + 1) as i64;
        Ok(matches!(allowed, Value::Int(most) if most == 0 || digits <= most))
    }
}

/// Integers of so many bytes are printed on the stack.
const FEW: usize = 64;
/// Those of so many have 638 digits at most, and 640 are always allowed.
const ALWAYS: usize = 265;
/// Larger ones C prints as fast.
const MANY: usize = 2048;
