use cpython_api::function;

#[function("f()")]
unsafe fn promises() {}

fn main() {}
