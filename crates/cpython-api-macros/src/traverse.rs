//! `#[derive(Traverse)]`: each field once.
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Fields, Member, Type};

pub(crate) fn expand(item: TokenStream) -> syn::Result<TokenStream> {
    let item: DeriveInput = syn::parse2(item)?;
    let variants: Vec<_> = match &item.data {
        Data::Struct(data) => vec![(quote!(Self), fields(&data.fields)?)],
        Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| {
                let name = &variant.ident;
                Ok((quote!(Self::#name), fields(&variant.fields)?))
            })
            .collect::<syn::Result<_>>()?,
        Data::Union(data) => {
            let text = "a union does not say which field is there";
            return Err(syn::Error::new(data.union_token.span(), text));
        }
    };
    let types: Vec<_> =
        variants.iter().flat_map(|(_, fields)| fields.iter().map(|field| field.ty)).collect();
    let visits = arms(
        &variants,
        &quote!(ref),
        |field| quote!(::cpython_api::Traverse::traverse(#field, visit)?;),
    );
    let clears =
        arms(&variants, &quote!(ref), |field| quote!(::cpython_api::Traverse::clear(#field);));
    let exclusive = arms(
        &variants,
        &quote!(ref mut),
        |field| quote!(::cpython_api::Traverse::clear_exclusive(#field);),
    );
    let mut generics = item.generics;
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(::cpython_api::Traverse));
    }
    let (parameters, arguments, wheres) = generics.split_for_impl();
    let name = &item.ident;
    Ok(quote! {
        // SAFETY: each field is owned by the value and visited once.
        unsafe impl #parameters ::cpython_api::Traverse for #name #arguments #wheres {
            const HAS_REFERENCES: ::core::primitive::bool =
                false #(|| <#types as ::cpython_api::Traverse>::HAS_REFERENCES)*;

            fn traverse(
                &self,
                visit: &mut ::cpython_api::Visit<'_>,
            ) -> ::core::ops::ControlFlow<::cpython_api::Stop> {
                match *self { #(#visits)* }
                ::core::ops::ControlFlow::Continue(())
            }

            fn clear(&self) {
                match *self { #(#clears)* }
            }

            fn clear_exclusive(&mut self) {
                match *self { #(#exclusive)* }
            }
        }
    })
}

/// A field that is visited.
struct Visited<'a> {
    member: Member,
    variable: Ident,
    ty: &'a Type,
}

/// The fields of a struct or variant that are visited.
fn fields(fields: &Fields) -> syn::Result<Vec<Visited<'_>>> {
    let mut visited = Vec::new();
    for (i, field) in fields.iter().enumerate() {
        if skipped(field)? {
            continue;
        }
        let member = match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::from(i),
        };
        let variable = format_ident!("field_{i}", span = Span::mixed_site());
        visited.push(Visited { member, variable, ty: &field.ty });
    }
    Ok(visited)
}

/// The arms that do something with each field.
fn arms(
    variants: &[(TokenStream, Vec<Visited<'_>>)],
    binding: &TokenStream,
    body: impl Fn(TokenStream) -> TokenStream,
) -> Vec<TokenStream> {
    let arm = |(path, fields): &(TokenStream, Vec<Visited<'_>>)| {
        let patterns = fields
            .iter()
            .map(|Visited { member, variable, .. }| quote!(#member: #binding #variable));
        let lines = fields
            .iter()
            .map(|Visited { variable, ty, .. }| body(quote_spanned!(ty.span()=> #variable)));
        quote!(#path { #(#patterns,)* .. } => { #(#lines)* })
    };
    variants.iter().map(arm).collect()
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
