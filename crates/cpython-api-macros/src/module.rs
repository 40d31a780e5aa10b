//! `module!`: a module's static tables.
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Path, Token, Type, bracketed};

use crate::docs;

/// What stands in `module! { .. }`.
struct Module {
    doc: String,
    name: LitStr,
    replaces: Option<LitStr>,
    state: Option<Type>,
    functions: Vec<Path>,
}

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let doc = docs::docstring(&input.call(Attribute::parse_outer)?);
        let (mut name, mut replaces, mut state, mut functions) = (None, None, None, None);
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            input.parse::<Token![:]>()?;
            let twice = match key.to_string().as_str() {
                "name" => name.replace(input.parse()?).is_some(),
                "replaces" => replaces.replace(input.parse()?).is_some(),
                "state" => state.replace(input.parse()?).is_some(),
                "functions" => {
                    let list;
                    bracketed!(list in input);
                    let list = Punctuated::<Path, Token![,]>::parse_terminated(&list)?;
                    functions.replace(list.into_iter().collect()).is_some()
                }
                _ => {
                    let text = "a module has `name`, `replaces`, `state` and `functions`";
                    return Err(syn::Error::new(key.span(), text));
                }
            };
            if twice {
                return Err(syn::Error::new(key.span(), format!("`{key}` stands twice")));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let name = name.ok_or_else(|| syn::Error::new(Span::call_site(), "`name` is missing"))?;
        Ok(Self { doc, name, replaces, state, functions: functions.unwrap_or_default() })
    }
}

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let Module { doc, name, replaces, state, functions } = syn::parse2(input)?;
    let about = format!("The module `{}`.", name.value());
    let doc = docs::c_string(&doc, name.span())?;
    let name = docs::c_string(&name.value(), name.span())?;
    let replaces = replaces.map_or(String::new(), |text| text.value());
    let state = state.map_or(quote!(()), |state| quote!(#state));
    let count = Literal::usize_unsuffixed(functions.len());
    Ok(quote! {
        #[doc = #about]
        pub static MODULE: ::cpython_api::Definition<#state> = {
            const FACTS: ::cpython_api::Facts = ::cpython_api::Facts {
                name: #name,
                version: ::core::env!("CARGO_PKG_VERSION"),
                replaces: #replaces,
            };
            const DOC: &::core::ffi::CStr = #doc;
            static FUNCTIONS: ::cpython_api::Functions<#state, #count> =
                ::cpython_api::Functions::new([#(::cpython_api::FunctionDef::of::<#functions>()),*]);
            static SLOTS: ::cpython_api::Slots<#state> = ::cpython_api::Slots::new();
            static EXPORT: ::cpython_api::Export<#state> =
                ::cpython_api::Export::new(FACTS, DOC, &FUNCTIONS);
            ::cpython_api::Definition::new(FACTS, DOC, &FUNCTIONS, &SLOTS, &EXPORT)
        };
    })
}
