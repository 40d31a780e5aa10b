//! `#[derive(Traverse)]`: each field once.
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Fields, Member};

pub(crate) fn expand(item: TokenStream) -> syn::Result<TokenStream> {
    let item: DeriveInput = syn::parse2(item)?;
    let variants = match &item.data {
        Data::Struct(data) => vec![arm(quote!(Self), &data.fields)?],
        Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| {
                let name = &variant.ident;
                arm(quote!(Self::#name), &variant.fields)
            })
            .collect::<syn::Result<_>>()?,
        Data::Union(data) => {
            let text = "a union does not say which field is there";
            return Err(syn::Error::new(data.union_token.span(), text));
        }
    };
    let mut generics = item.generics;
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(::cpython_api::Traverse));
    }
    let (parameters, arguments, wheres) = generics.split_for_impl();
    let name = &item.ident;
    Ok(quote! {
        // SAFETY: each field is owned by the value and visited once.
        unsafe impl #parameters ::cpython_api::Traverse for #name #arguments #wheres {
            fn traverse(
                &self,
                visit: &mut ::cpython_api::Visit<'_>,
            ) -> ::core::ops::ControlFlow<::cpython_api::Stop> {
                match *self {
                    #(#variants)*
                }
                ::core::ops::ControlFlow::Continue(())
            }
        }
    })
}

/// The arm that visits the fields of a struct or variant.
fn arm(path: TokenStream, fields: &Fields) -> syn::Result<TokenStream> {
    let mut patterns = Vec::new();
    let mut visits = Vec::new();
    for (i, field) in fields.iter().enumerate() {
        if skipped(field)? {
            continue;
        }
        let member = match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::from(i),
        };
        let variable = format_ident!("field_{i}", span = proc_macro2::Span::mixed_site());
        patterns.push(quote!(#member: ref #variable));
        let span = field.ty.span();
        visits.push(quote::quote_spanned! {span=>
            ::cpython_api::Traverse::traverse(#variable, visit)?;
        });
    }
    Ok(quote!(#path { #(#patterns,)* .. } => { #(#visits)* }))
}

/// Whether the field says `#[traverse(skip)]`.
fn skipped(field: &Field) -> syn::Result<bool> {
    let mut skipped = false;
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("traverse")) {
        attribute.parse_nested_meta(|meta| {
            skipped = meta.path.is_ident("skip");
            if skipped { Ok(()) } else { Err(meta.error("only `skip` is known")) }
        })?;
    }
    Ok(skipped)
}
