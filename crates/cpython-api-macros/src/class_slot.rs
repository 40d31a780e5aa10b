//! `#[slot(...)]`: which slots there are, and what their functions get and give back.
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{FnArg, ImplItemFn, Type};

use crate::arguments::is_named;

/// Slots whose functions have the same arguments and results.
struct Shape {
    names: &'static [&'static str],
    /// Whether an instance comes first.
    has_receiver: bool,
    arguments: &'static [Argument],
    result: Gives,
}

/// What a slot's function gets behind the token and the instance.
#[derive(Clone, Copy)]
enum Argument {
    Object,
    OptionalObject,
    Index,
    Comparison,
}

/// What it gives back.
#[derive(Clone, Copy)]
enum Gives {
    Object,
    OptionalObject,
    Hash,
    Length,
    Truth,
    Nothing,
    Sent,
    Lent,
}

use Argument::{Comparison, Index, Object, OptionalObject};

const SHAPES: &[Shape] = &[
    Shape {
        names: &[
            "tp_repr",
            "tp_str",
            "tp_iter",
            "am_await",
            "am_aiter",
            "am_anext",
            "nb_negative",
            "nb_positive",
            "nb_absolute",
            "nb_invert",
            "nb_int",
            "nb_float",
            "nb_index",
        ],
        has_receiver: true,
        arguments: &[],
        result: Gives::Object,
    },
    Shape {
        names: &["tp_iternext"],
        has_receiver: true,
        arguments: &[],
        result: Gives::OptionalObject,
    },
    Shape { names: &["bf_getbuffer"], has_receiver: true, arguments: &[], result: Gives::Lent },
    Shape { names: &["tp_hash"], has_receiver: true, arguments: &[], result: Gives::Hash },
    Shape { names: &["nb_bool"], has_receiver: true, arguments: &[], result: Gives::Truth },
    Shape { names: &["tp_finalize"], has_receiver: true, arguments: &[], result: Gives::Nothing },
    Shape {
        names: &["sq_length", "mp_length"],
        has_receiver: true,
        arguments: &[],
        result: Gives::Length,
    },
    Shape {
        names: &["sq_contains"],
        has_receiver: true,
        arguments: &[Object],
        result: Gives::Truth,
    },
    Shape {
        names: &["sq_concat", "sq_inplace_concat", "mp_subscript", "tp_getattro"],
        has_receiver: true,
        arguments: &[Object],
        result: Gives::Object,
    },
    Shape {
        names: &["sq_item", "sq_repeat", "sq_inplace_repeat"],
        has_receiver: true,
        arguments: &[Index],
        result: Gives::Object,
    },
    Shape {
        names: &["sq_ass_item"],
        has_receiver: true,
        arguments: &[Index, OptionalObject],
        result: Gives::Nothing,
    },
    Shape {
        names: &["mp_ass_subscript", "tp_setattro", "tp_descr_set"],
        has_receiver: true,
        arguments: &[Object, OptionalObject],
        result: Gives::Nothing,
    },
    Shape {
        names: &["tp_descr_get"],
        has_receiver: true,
        arguments: &[OptionalObject, OptionalObject],
        result: Gives::Object,
    },
    Shape {
        names: &["tp_richcompare"],
        has_receiver: true,
        arguments: &[Object, Comparison],
        result: Gives::OptionalObject,
    },
    Shape { names: &["am_send"], has_receiver: true, arguments: &[Object], result: Gives::Sent },
    Shape {
        names: &[
            "nb_add",
            "nb_subtract",
            "nb_multiply",
            "nb_matrix_multiply",
            "nb_true_divide",
            "nb_floor_divide",
            "nb_remainder",
            "nb_divmod",
            "nb_lshift",
            "nb_rshift",
            "nb_and",
            "nb_xor",
            "nb_or",
        ],
        has_receiver: false,
        arguments: &[Object, Object],
        result: Gives::OptionalObject,
    },
    Shape {
        names: &[
            "nb_inplace_add",
            "nb_inplace_subtract",
            "nb_inplace_multiply",
            "nb_inplace_matrix_multiply",
            "nb_inplace_true_divide",
            "nb_inplace_floor_divide",
            "nb_inplace_remainder",
            "nb_inplace_lshift",
            "nb_inplace_rshift",
            "nb_inplace_and",
            "nb_inplace_xor",
            "nb_inplace_or",
        ],
        has_receiver: true,
        arguments: &[Object],
        result: Gives::OptionalObject,
    },
    Shape {
        names: &["nb_power", "nb_inplace_power"],
        has_receiver: false,
        arguments: &[Object, Object, Object],
        result: Gives::OptionalObject,
    },
];

/// The implementation of the slot's trait, which calls the function of the class.
pub(crate) fn implementation(
    slot: &Ident,
    class: &Type,
    function: &ImplItemFn,
) -> syn::Result<TokenStream> {
    let name = slot.to_string();
    let Some(shape) = SHAPES.iter().find(|shape| shape.names.contains(&name.as_str())) else {
        return Err(syn::Error::new(
            slot.span(),
            "there is no such slot, or it has its own attribute",
        ));
    };
    let py = quote!(::cpython_api);
    let site = Span::mixed_site();
    let arguments: Vec<Ident> =
        (0..shape.arguments.len()).map(|i| format_ident!("argument_{i}", span = site)).collect();
    let types = shape.arguments.iter().map(|argument| match argument {
        Object => quote!(&#py::Bound<'py, #py::PyAny>),
        OptionalObject => quote!(::core::option::Option<&#py::Bound<'py, #py::PyAny>>),
        Index => quote!(::core::primitive::isize),
        Comparison => quote!(#py::types::Compare),
    });
    let result = match shape.result {
        Gives::Object => quote!(#py::Bound<'py, #py::PyAny>),
        Gives::OptionalObject => quote!(::core::option::Option<#py::Bound<'py, #py::PyAny>>),
        Gives::Hash => quote!(::core::primitive::isize),
        Gives::Length => quote!(::core::primitive::usize),
        Gives::Truth => quote!(::core::primitive::bool),
        Gives::Nothing => quote!(()),
        Gives::Lent => quote!(#py::class::Lent),
        Gives::Sent => quote!(#py::class::slot::Sent<'py>),
    };
    let passed = passed(shape, function, &arguments)?;
    let receiver =
        if shape.has_receiver { quote!(this: &#py::Bound<'py, Self>,) } else { quote!() };
    let trait_name = Ident::new(&camel_case(&name), slot.span());
    let called = &function.sig.ident;
    Ok(quote! {
        #[allow(unused_variables, reason = "a function takes what it needs")]
        impl #py::class::slot::#trait_name for #class {
            #[inline(always)]
            fn #slot<'py>(
                ts: &mut #py::ThreadState<'py>,
                #receiver
                #(#arguments: #types),*
            ) -> #py::PyResult<#result> {
                <#class>::#called(#(#passed),*)
            }
        }
    })
}

/// What the class's function is passed: instance and token where it asks, the rest in order.
fn passed(
    shape: &Shape,
    function: &ImplItemFn,
    arguments: &[Ident],
) -> syn::Result<Vec<TokenStream>> {
    let mut rest = arguments.iter();
    let mut passed = Vec::new();
    for input in &function.sig.inputs {
        passed.push(match input {
            FnArg::Receiver(_) if shape.has_receiver => quote!(this.get()),
            FnArg::Typed(input) if is_reference_to(&input.ty, "ThreadState") => quote!(ts),
            FnArg::Typed(input) if shape.has_receiver && is_instance(&input.ty) => quote!(this),
            _ => match rest.next() {
                Some(argument) => quote!(#argument),
                None => return Err(syn::Error::new(input.span(), "the slot has no such argument")),
            },
        });
    }
    match rest.next() {
        Some(_) => {
            let text =
                format!("the function leaves out an argument: the slot has {}", arguments.len());
            Err(syn::Error::new(function.sig.ident.span(), text))
        }
        None => Ok(passed),
    }
}

/// Whether this is `&Bound<'_, Self>`.
pub(crate) fn is_instance(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let Type::Path(path) = &*reference.elem else { return false };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Bound") else {
        return false;
    };
    let syn::PathArguments::AngleBracketed(list) = &last.arguments else { return false };
    list.args.iter().any(|argument| match argument {
        syn::GenericArgument::Type(ty) => is_named(ty, "Self"),
        _ => false,
    })
}

/// Whether this is a reference to a type of this name.
pub(crate) fn is_reference_to(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Reference(reference) if is_named(&reference.elem, name))
}

/// `tp_repr` as `TpRepr`.
fn camel_case(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    name.split('_').filter_map(word).collect()
}
