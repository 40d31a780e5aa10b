//! Classes that are none.
use cpython_api::{class, methods};

#[class("NoModule")]
struct NoModule;

#[class(name = "m.Keyword")]
struct Keyword;

#[class("m.Unknown", flying)]
struct Unknown;

#[class("m.Generic")]
struct Generic<T>(T);

struct Plain;

#[methods(fly)]
impl Plain {}

#[methods]
impl Plain {
    #[slot(tp_nonsense)]
    fn nonsense(&self) {}
}

#[methods]
impl Plain {
    #[slot(sq_item)]
    fn no_index(&self) {}
}

#[methods]
impl Plain {
    #[slot(tp_repr)]
    fn too_much(&self, other: i32) {}
}

#[methods]
impl Plain {
    #[static_method("fixed()")]
    fn fixed(&self) {}
}

#[methods]
impl Plain {
    #[setter("x")]
    fn no_value(&self) {}
}

#[methods]
impl Plain {
    #[setter("x")]
    fn no_getter(&self, _x: i32) {}
}

#[methods]
impl Plain {
    #[method("f(a)", sometimes)]
    fn f(&self, a: i32) {}
}

#[methods]
impl Plain {
    #[method("g(a)")]
    fn g(&self, b: i32) {}
}

fn main() {}
