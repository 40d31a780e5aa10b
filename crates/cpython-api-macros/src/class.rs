//! `#[class]`: facts and identity of a class.
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{ItemStruct, LitStr, Meta, Token, Type};

use crate::docs;

/// What stands in `#[class(...)]`.
struct Facts {
    name: LitStr,
    state: Option<Type>,
    features: Vec<Ident>,
}

/// The features, each a method of `ClassFacts`.
const FEATURES: &[&str] = &[
    "subclassable",
    "uncollected",
    "weakly_referenced",
    "with_dict",
    "mutable",
    "with_given_base",
    "sequence",
    "mapping",
];

impl Parse for Facts {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: LitStr = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected the dotted name: `#[class(\"module.Name\")]`")
        })?;
        if !name.value().contains('.') {
            return Err(syn::Error::new(
                name.span(),
                "the name has the module's name before a dot",
            ));
        }
        let (mut state, mut features) = (None, Vec::new());
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let word: Ident = input.parse()?;
            if word == "state" {
                input.parse::<Token![=]>()?;
                state = Some(input.parse()?);
            } else if FEATURES.iter().any(|known| word == known) {
                features.push(word);
            } else {
                let text = format!("a class has `state = Type` and the features {FEATURES:?}");
                return Err(syn::Error::new(word.span(), text));
            }
        }
        Ok(Self { name, state, features })
    }
}

/// The table of the fields that say `#[member]` or `#[member("docstring")]`, which is taken away.
fn members(item: &mut ItemStruct) -> syn::Result<Option<TokenStream>> {
    let mut members = Vec::new();
    for field in &mut item.fields {
        let Some(i) = field.attrs.iter().position(|a| a.path().is_ident("member")) else {
            continue;
        };
        let doc = match field.attrs.remove(i).meta {
            Meta::Path(_) => None,
            meta => Some(meta.require_list()?.parse_args::<LitStr>()?),
        };
        let doc = doc.map(|doc| docs::c_string(&doc.value(), doc.span())).transpose()?;
        let doc = doc.map(|doc| quote!(.documented(#doc)));
        let Some(name) = &field.ident else {
            return Err(syn::Error::new(field.span(), "a member has a name"));
        };
        let (ty, text) = (&field.ty, docs::c_string(&name.unraw().to_string(), field.span())?);
        members.push(quote_spanned! {field.span()=>
            ::cpython_api::class::MemberDef::new::<#ty>(
                #text,
                ::core::mem::offset_of!(Self, #name),
                |this: &Self| ::cpython_api::class::Field::of(&this.#name),
            ) #doc
        });
    }
    Ok((!members.is_empty()).then(|| {
        quote! {
            const MEMBERS: &'static [::cpython_api::class::MemberDef<Self>] = &[#(#members),*];
        }
    }))
}

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let Facts { name, state, features } = syn::parse2(attribute)?;
    let mut item: ItemStruct = syn::parse2(item)?;
    if let Some(parameter) = item.generics.params.first() {
        return Err(syn::Error::new(parameter.span(), "a class has no generic parameters"));
    }
    let members = members(&mut item)?;
    let class = &item.ident;
    let doc = docs::c_string(&docs::docstring(&item.attrs), name.span())?;
    let name = docs::c_string(&name.value(), name.span())?;
    let state = state.map_or(quote!(()), |state| quote!(#state));
    let features = features.iter().map(|feature| match feature.to_string().as_str() {
        "sequence" => quote!(matched_as(::cpython_api::class::Pattern::Sequence)),
        "mapping" => quote!(matched_as(::cpython_api::class::Pattern::Mapping)),
        _ => quote!(#feature()),
    });
    Ok(quote! {
        #[derive(::cpython_api::Traverse)]
        #item

        impl ::cpython_api::Class for #class {
            type State = #state;
            const FACTS: ::cpython_api::ClassFacts =
                ::cpython_api::ClassFacts::new(#name, #doc) #(.#features)*;
            #members

            #[inline(always)]
            fn token() -> &'static ::cpython_api::class::Token<Self> {
                static TOKEN: ::cpython_api::class::Token<#class> =
                    ::cpython_api::class::Token::new();
                &TOKEN
            }
        }
    })
}
