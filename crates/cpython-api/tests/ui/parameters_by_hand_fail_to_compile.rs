#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// Places that a convention does not fill cannot be declared as filled.
use cpython_api::{Call, Convention, Function, FunctionDef, OfModule, Outcome, Parameters, PlacesOf, PyResult};

macro_rules! lies {
    ($name:ident, $places:literal, $parameters:expr) => {
        struct $name;

        impl Function<OfModule<()>> for $name {
            const PARAMETERS: &'static Parameters = &$parameters;
            type Places = PlacesOf<$places>;

            fn call<'a, 'py>(call: Call<'a, 'py, OfModule<()>>) -> PyResult<Outcome<'py>> {
                call.give(())
            }
        }

        static _TABLE: cpython_api::Functions<(), 1> =
            cpython_api::Functions::new([FunctionDef::of::<$name>()]);
    };
}

mod keyword_only_by_position {
    use super::*;
    lies!(Lie, 1, Parameters {
        name: c"lie",
        convention: Convention::Fast,
        names: &["a"],
        required_keywords: 1,
        ..Parameters::NONE
    });
}

mod more_than_there_are {
    use super::*;
    lies!(Lie, 1, Parameters {
        name: c"lie",
        convention: Convention::Fast,
        names: &[],
        positional: 1,
        ..Parameters::NONE
    });
}

mod required_without_arguments {
    use super::*;
    lies!(Lie, 1, Parameters {
        name: c"lie",
        convention: Convention::NoArgs,
        names: &["a"],
        positional: 1,
        required: 1,
        ..Parameters::NONE
    });
}

mod keywords_by_position {
    use super::*;
    lies!(Lie, 1, Parameters {
        name: c"lie",
        convention: Convention::FastKeywords,
        names: &[],
        more_keywords: true,
        ..Parameters::NONE
    });
}

fn main() {}
