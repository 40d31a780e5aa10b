//! `#[function]`: a module's function.
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{FnArg, GenericArgument, GenericParam, ItemFn, LitStr, PathArguments, Token, Type};

use crate::arguments::{self, Asked, is_named};
use crate::docs;
use crate::signature::Signature;

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let Heading { literal, by_hand } = syn::parse2(attribute)?;
    let signature = Signature::parse(&literal)?;
    let mut item: ItemFn = syn::parse2(item)?;
    check(&item)?;
    let state = state_type(&item)?;
    let call = Ident::new("call", Span::mixed_site());
    let ask = |ty: &Type, variable: &Ident| Ok(ask(ty, variable, &call));
    let found = arguments::bind(&signature, item.sig.inputs.iter_mut(), &call, ask)?;

    let convention = arguments::convention(&signature, by_hand.is_some());
    let heading = arguments::heading(&signature, Some("module"), by_hand.as_ref());
    let docstring = heading + &docs::docstring(&item.attrs);
    let parameters = arguments::parameters(&signature, &docstring, convention, literal.span())?;
    let touches = found.touches(&item.sig.output);
    let reads_floats = arguments::reads_floats(&signature, &found);
    let receiver = state.is_none().then(|| {
        quote!(
            const USES_RECEIVER: ::core::primitive::bool = false;
        )
    });
    let (generics, state) = match state {
        Some(state) => (quote!(), quote!(#state)),
        None => (quote!(<S: ::cpython_api::ModuleState>), quote!(S)),
    };
    let name = &item.sig.ident;
    let visibility = &item.vis;
    let places = Literal::usize_unsuffixed(signature.parameters.len());
    let (lines, passed) = (&found.lines, &found.passed);
    let about = format!("`{}` for the table of functions.", signature.name);
    Ok(quote! {
        #item

        #[doc = #about]
        #[allow(non_camel_case_types, reason = "has the name of its function")]
        #visibility enum #name {}

        impl #generics ::cpython_api::Function<::cpython_api::OfModule<#state>> for #name {
            const PARAMETERS: &'static ::cpython_api::Parameters = #parameters;
            #touches
            #reads_floats
            #receiver
            type Places = ::cpython_api::PlacesOf<#places>;

            #[inline(always)]
            fn call<'a, 'py>(
                #call: ::cpython_api::Call<'a, 'py, ::cpython_api::OfModule<#state>>,
            ) -> ::cpython_api::PyResult<::cpython_api::Outcome<'py>> {
                #(#lines)*
                #call.give(#name(#(#passed),*))
            }
        }
    })
}

/// What stands in `#[function(...)]`.
struct Heading {
    literal: LitStr,
    by_hand: Option<LitStr>,
}

impl Parse for Heading {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let literal = input.parse().map_err(|error| {
            let text = "expected the Python signature: `#[function(\"name(a, /, b=0)\")]`";
            syn::Error::new(error.span(), text)
        })?;
        let mut by_hand = None;
        if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            by_hand = Some(arguments::by_hand(input)?);
        }
        Ok(Self { literal, by_hand })
    }
}

/// Refuses what Python could not call.
fn check(item: &ItemFn) -> syn::Result<()> {
    let refuse = |span: Span, text: &str| Err(syn::Error::new(span, text));
    let sig = &item.sig;
    if let Some(token) = &sig.asyncness {
        return refuse(token.span(), "Python cannot call an async function of Rust");
    }
    if let Some(token) = &sig.unsafety {
        return refuse(token.span(), "Python's arguments cannot keep the promises of unsafe code");
    }
    let implied = |input: &&FnArg| match input {
        FnArg::Typed(input) => matches!(*input.ty, Type::ImplTrait(_)),
        FnArg::Receiver(_) => false,
    };
    if let Some(input) = sig.inputs.iter().find(implied) {
        return refuse(input.span(), "Python knows no generic functions");
    }
    let generic = sig.generics.params.iter().find(|p| !matches!(p, GenericParam::Lifetime(_)));
    match generic {
        Some(parameter) => refuse(parameter.span(), "Python knows no generic functions"),
        None => Ok(()),
    }
}

/// What the function gets when it asks for the thread state or its module.
fn ask(ty: &Type, variable: &Ident, call: &Ident) -> Option<Asked> {
    let (inner, passed) = match ty {
        Type::Reference(reference) => {
            let mutable = &reference.mutability;
            (&*reference.elem, quote!(&#mutable #variable))
        }
        other => (other, quote!(#variable)),
    };
    let mutable = matches!(ty, Type::Reference(reference) if reference.mutability.is_some());
    let reference = matches!(ty, Type::Reference(_));
    let line = if is_named(inner, "ThreadState") && reference {
        let binding = if mutable { quote!(mut #variable) } else { quote!(#variable) };
        quote!(let #binding = #call.thread_state();)
    } else if is_named(inner, "Module") && !mutable {
        quote!(let #variable = #call.module();)
    } else {
        return None;
    };
    Some(Asked { line, passed })
}

/// The `State` of a `&Module<State>` among the parameters.
fn state_type(item: &ItemFn) -> syn::Result<Option<Type>> {
    for input in &item.sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        let ty = match &*input.ty {
            Type::Reference(reference) => &*reference.elem,
            other => other,
        };
        let Type::Path(path) = ty else { continue };
        let Some(last) = path.path.segments.last().filter(|last| last.ident == "Module") else {
            continue;
        };
        let state = match &last.arguments {
            PathArguments::AngleBracketed(list) => list.args.iter().find_map(|a| match a {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            }),
            _ => None,
        };
        return match state {
            Some(state) => Ok(Some(state)),
            None => {
                Err(syn::Error::new(ty.span(), "say the module's state: `Module<'_, '_, State>`"))
            }
        };
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Signature;
    use proc_macro2::TokenTree;

    /// What `Tools/clinic` chooses, by the flags in CPython's generated files.
    #[test]
    fn conventions() {
        let cases = [
            ("f()", "NoArgs"),
            ("f(a, /)", "One"),
            ("f(a=0, /)", "Fast"),
            ("f(a, b, /)", "Fast"),
            ("f(*args)", "Fast"),
            ("f(a, /, *args)", "Fast"),
            ("f(a)", "FastKeywords"),
            ("f(*, a)", "FastKeywords"),
            ("f(a, /, *, b=0)", "FastKeywords"),
            ("f(*args, b)", "FastKeywords"),
            ("f(**kwargs)", "Tuple"),
            ("f(a, /, *args, **kwargs)", "Tuple"),
        ];
        for (text, convention) in cases {
            let literal = LitStr::new(text, Span::call_site());
            let signature = Signature::parse(&literal).unwrap();
            assert_eq!(arguments::convention(&signature, false), convention, "{text}");
        }
    }

    /// What C files without Clinic have.
    #[test]
    fn conventions_by_hand() {
        for (text, convention) in [
            ("f()", "NoArgs"),
            ("f(a, /)", "One"),
            ("f(*args)", "PlainTuple"),
            ("f(a, b=0, /)", "PlainTuple"),
            ("f(a, /, **kwargs)", "Tuple"),
            ("f(a, b)", "Tuple"),
        ] {
            let literal = LitStr::new(text, Span::call_site());
            let signature = Signature::parse(&literal).unwrap();
            assert_eq!(arguments::convention(&signature, true), convention, "{text}");
        }
    }

    #[test]
    fn output_is_safe_and_short() {
        let signature = quote!("f(a, /, b=0, *rest, c=None)");
        let function = quote! {
            fn f(ts: &ThreadState<'_>, a: i32, b: i32, rest: &Bound<PyTuple>, c: Option<&str>) {}
        };
        let output = expand(signature, function).unwrap();
        assert!(!mentions_unsafe(output.clone()));
        let file: syn::File = syn::parse2(output).unwrap();
        let syn::Item::Impl(implementation) = &file.items[2] else { panic!("no implementation") };
        let Some(syn::ImplItem::Fn(call)) = implementation.items.last() else { panic!("no call") };
        // The token, a holder and a value for each parameter, the call.
        assert_eq!(call.block.stmts.len(), 1 + 4 + 4 + 1);
    }

    fn mentions_unsafe(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "unsafe",
            TokenTree::Group(group) => mentions_unsafe(group.stream()),
            _ => false,
        })
    }
}
