#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// PyO3 #6104, #749: nobody gets a `&mut` to a payload, so two of them cannot change places.
use std::mem::swap;

use cpython_api::{Bound, class, methods};

#[class("m.Pair")]
struct Pair(u8);

#[methods]
impl Pair {
    #[method("takes_mutably()")]
    fn takes_mutably(&mut self) {}
}

fn derefs(a: &mut Bound<'_, Pair>, b: &mut Bound<'_, Pair>) {
    let (a, b): (&mut Pair, &mut Pair) = (a, b);
    swap(a, b);
}

fn moves(a: Bound<'_, Pair>) -> Pair {
    *a.get()
}

fn main() {}
