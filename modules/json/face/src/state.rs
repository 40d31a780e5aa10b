//! What the module keeps for each interpreter: its classes, and the names it looks up.
use cpython_api::{ClassRef, Module, ModuleState, Py, PyResult, ThreadState, Traverse, interned};

use crate::decode::Scanner;
use crate::encode::Encoder;

/// The state of `_json`.
#[derive(Traverse)]
pub struct State {
    pub(crate) names: Names,
    /// `sys.get_int_max_str_digits`: only that knows what is allowed at the moment.
    pub(crate) max_digits: Py,
    scanner: ClassRef<Scanner>,
    encoder: ClassRef<Encoder>,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let scanner = module.new_class::<Scanner>(ts)?;
        module.add(c"make_scanner", &scanner.get(ts))?;
        let encoder = module.new_class::<Encoder>(ts)?;
        module.add(c"make_encoder", &encoder.get(ts))?;
        let max_digits = ts.import_attr(c"sys", c"get_int_max_str_digits")?.unbind();
        Ok(Self { names: Names::new(ts)?, max_digits, scanner, encoder })
    }
}

interned! {
    /// Names of attributes, and words of documents.
    pub(crate) struct Names {
        strict,
        object_hook,
        object_pairs_hook,
        array_hook,
        parse_float,
        parse_int,
        parse_constant,
        nan = "NaN",
        infinity = "Infinity",
        minus_infinity = "-Infinity",
    }
}
