//! Matching Rust parameters with Python's, and the lines that convert each.
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, FnArg, LitStr, Pat, PatType, ReturnType, Token, Type};

use crate::literal;
use crate::signature::{Kind, Parameter, Signature};

/// The parameters of a Rust function, matched.
pub(crate) struct Arguments {
    /// The lines that bind a variable for each parameter.
    pub(crate) lines: Vec<TokenStream>,
    /// What to pass, in the order of the Rust parameters.
    pub(crate) passed: Vec<TokenStream>,
    /// The types that are converted to, with every lifetime `'static`.
    pub(crate) types: Vec<TokenStream>,
    /// Whether something is asked for that Python does not pass.
    pub(crate) asks: bool,
}

/// What a parameter that Python does not know gets: a line to bind `variable`, and how to pass it.
pub(crate) struct Asked {
    /// The line; `call` is the call at hand.
    pub(crate) line: TokenStream,
    /// The expression to pass.
    pub(crate) passed: TokenStream,
}

/// Matches parameters by name; `ask` recognises by type those that Python does not know.
///
/// `call` is the variable that holds the call. Takes the `#[default]` attributes away.
pub(crate) fn bind<'a>(
    signature: &Signature,
    inputs: impl Iterator<Item = &'a mut FnArg>,
    call: &Ident,
    ask: impl Fn(&Type, &Ident) -> syn::Result<Option<Asked>>,
) -> syn::Result<Arguments> {
    let mut found =
        Arguments { lines: Vec::new(), passed: Vec::new(), types: Vec::new(), asks: false };
    let mut converted = vec![None; signature.parameters.len()];
    for input in inputs {
        let FnArg::Typed(input) = input else {
            return Err(syn::Error::new(input.span(), "`self` is for methods, in `#[methods]`"));
        };
        let default = take_default(input)?;
        let variable = variable(input)?;
        if let Some(i) = position(signature, &variable.unraw().to_string()) {
            let line = convert(signature, i, input, default, call)?;
            converted[i] = Some(line);
            found.types.push(with_static_lifetimes(input.ty.to_token_stream()));
            found.passed.push(variable.to_token_stream());
        } else if let Some(asked) = ask(&input.ty, &variable)? {
            if let Some(default) = default {
                return Err(syn::Error::new(
                    default.span(),
                    "only Python's parameters have defaults",
                ));
            }
            found.lines.push(asked.line);
            found.passed.push(asked.passed);
            found.asks = true;
        } else {
            let text = format!(
                "`{variable}` is not in the signature, and not asked for by its type \
                 (`&ThreadState`, `&mut ThreadState`, `&Module<State>`)"
            );
            return Err(syn::Error::new(input.span(), text));
        }
    }
    // What is declared last is dropped first: so buffers are given back in the order of the
    // parameters, as Clinic's code does it.
    for holder in (0..signature.parameters.len()).rev().map(holder) {
        found.lines.push(quote!(let mut #holder = ::core::default::Default::default();));
    }
    for (parameter, line) in signature.parameters.iter().zip(converted) {
        let Some(line) = line else {
            let text = format!("the function has no parameter for Python's `{}`", parameter.name);
            return Err(syn::Error::new(Span::call_site(), text));
        };
        found.lines.push(line);
    }
    Ok(found)
}

/// The line that converts the argument for parameter `i`.
fn convert(
    signature: &Signature,
    i: usize,
    input: &PatType,
    default: Option<Expr>,
    call: &Ident,
) -> syn::Result<TokenStream> {
    let variable = variable(input)?;
    let parameter = &signature.parameters[i];
    let holder = holder(i);
    let span = input.ty.span();
    let place = Literal::usize_unsuffixed(signature.place(i));
    let value = match (&parameter.default, default) {
        (None, Some(default)) => {
            let text = format!("`{}` has no default in the signature", parameter.name);
            return Err(syn::Error::new(default.span(), text));
        }
        (None, None) => quote_spanned!(span=> #call.required(#place, &mut #holder)?),
        (Some(_), Some(default)) => {
            quote_spanned!(span=> #call.optional(#place, &mut #holder)?.unwrap_or_else(|| #default))
        }
        (Some(text), None) => match (text.as_str(), is_named(&input.ty, "Option")) {
            ("None", true) => quote_spanned! {span=>
                #call.optional(#place, &mut #holder)?.unwrap_or(::core::option::Option::None)
            },
            ("None", false) => quote_spanned!(span=> #call.or_none(#place, &mut #holder)?),
            (_, true) => quote_spanned!(span=> #call.optional(#place, &mut #holder)?),
            (text, false) => {
                let float = is_named(&input.ty, "f64") || is_named(&input.ty, "f32");
                let default = literal::expression(text, float).ok_or_else(|| {
                    let text = format!(
                        "the default `{text}` is no literal: make the type an `Option`, or say \
                         the Rust value with `#[default(...)]`"
                    );
                    syn::Error::new(input.span(), text)
                })?;
                quote_spanned!(span=> #call.optional(#place, &mut #holder)?.unwrap_or(#default))
            }
        },
    };
    Ok(quote!(let #variable = #value;))
}

/// What keeps alive what the variable of parameter `i` lends.
fn holder(i: usize) -> Ident {
    format_ident!("holder{i}", span = Span::mixed_site())
}

/// Which Python parameter has this name; `_x` and `x_` stand for `x`, too.
fn position(signature: &Signature, name: &str) -> Option<usize> {
    let known = |name: &str| signature.parameters.iter().position(|p| p.name == name);
    known(name)
        .or_else(|| known(name.strip_prefix('_')?))
        .or_else(|| known(name.strip_suffix('_')?))
}

/// The expression of `#[default(expression)]`, which is taken away.
fn take_default(input: &mut PatType) -> syn::Result<Option<Expr>> {
    let Some(i) = input.attrs.iter().position(|a| a.path().is_ident("default")) else {
        return Ok(None);
    };
    input.attrs.remove(i).parse_args().map(Some)
}

/// A variable of the parameter's name; the names that the macro makes up cannot clash with it.
fn variable(input: &PatType) -> syn::Result<Ident> {
    match &*input.pat {
        Pat::Ident(pattern) if pattern.subpat.is_none() => Ok(pattern.ident.clone()),
        pattern => Err(syn::Error::new(pattern.span(), "a parameter of Python's needs a name")),
    }
}

/// Whether the type is a path that ends in this name.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == name),
        _ => false,
    }
}

impl Arguments {
    /// The constant that tells what touches Python, unless it is the trait's default: `true`.
    pub(crate) fn touches(&self, output: &ReturnType) -> Option<TokenStream> {
        let result = match output {
            _ if self.asks => return None,
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) if cannot_be_named(ty) => return None,
            ReturnType::Type(_, ty) => with_static_lifetimes(ty.to_token_stream()),
        };
        let result = quote_spanned! {output.span()=>
            <#result as ::cpython_api::Return<'static>>::NEEDS_TOKEN
        };
        let types = &self.types;
        Some(quote! {
            const TOUCHES_PYTHON: ::core::primitive::bool = #result
                #(|| <#types as ::cpython_api::FromArg<'static, 'static>>::TOUCHES_PYTHON)*;
        })
    }
}

/// The constant that tells that there are only floats, which must be given.
pub(crate) fn reads_floats(signature: &Signature, found: &Arguments) -> Option<TokenStream> {
    let types = &found.types;
    let all = |name| types.iter().all(|ty| ty.to_string() == name);
    let given = signature.parameters.iter().all(|parameter| parameter.default.is_none());
    (!types.is_empty() && given && all("f64")).then(|| {
        quote! {
            const READS_FLOATS: ::core::primitive::bool =
                #(<#types as ::cpython_api::FromArg<'static, 'static>>::FROM_FLOAT.is_some())&&*;
        }
    })
}

/// Whether the type cannot be named elsewhere: `impl Trait`, or lifetimes that a macro hides.
fn cannot_be_named(ty: &Type) -> bool {
    matches!(ty, Type::ImplTrait(_)) || ty.to_token_stream().to_string().contains('!')
}

/// The type's tokens with every lifetime, also those left out behind `&`, made `'static`.
fn with_static_lifetimes(tokens: TokenStream) -> TokenStream {
    let lifetime = || {
        [
            TokenTree::Punct(Punct::new('\'', Spacing::Joint)),
            TokenTree::Ident(Ident::new("static", Span::mixed_site())),
        ]
    };
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(p) if p.as_char() == '\'' => {
                tokens.next();
                out.extend(lifetime());
            }
            TokenTree::Punct(p) if p.as_char() == '&' => {
                out.extend([TokenTree::Punct(p)]);
                let named =
                    matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == '\'');
                if !named {
                    out.extend(lifetime());
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                out.extend(with_static_lifetimes(group.stream()));
            }
            TokenTree::Group(group) => {
                let inner = with_static_lifetimes(group.stream());
                out.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
            }
            other => out.extend([other]),
        }
    }
    out
}

/// `by_hand = "text signature"`, behind a signature.
pub(crate) fn by_hand(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let word: Ident = input.parse()?;
    if word != "by_hand" {
        let text = "only `by_hand = \"text signature\"` can stand here";
        return Err(syn::Error::new(word.span(), text));
    }
    input.parse::<Token![=]>()?;
    input.parse()
}

/// What stands before a docstring: the text signature, or the one that C has by hand, if any.
pub(crate) fn heading(
    signature: &Signature,
    receiver: Option<&str>,
    by_hand: Option<&LitStr>,
) -> String {
    match by_hand.map(LitStr::value) {
        None => signature.text(receiver),
        Some(none) if none.is_empty() => none,
        Some(text) => text + "\n--\n\n",
    }
}

/// The `Parameters` of a signature, as a constant's value.
pub(crate) fn parameters(
    signature: &Signature,
    docstring: &str,
    convention: &str,
    span: Span,
) -> syn::Result<TokenStream> {
    let name = crate::docs::c_string(&signature.name, span)?;
    let doc = crate::docs::c_string(docstring, span)?;
    let convention = Ident::new(convention, Span::mixed_site());
    let named = |p: &&Parameter| !matches!(p.kind, Kind::MorePositional | Kind::MoreKeywords);
    let names = signature.parameters.iter().filter(named).map(|p| &p.name);
    let positional_only = signature.count(Kind::PositionalOnly);
    let counts = [
        ("positional_only", positional_only),
        ("positional", positional_only + signature.count(Kind::Positional)),
        ("required", signature.required(&[Kind::PositionalOnly, Kind::Positional])),
        ("required_keywords", signature.required(&[Kind::Keyword])),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0).map(|(field, count)| {
        let (field, count) =
            (Ident::new(field, Span::mixed_site()), Literal::usize_unsuffixed(count));
        quote!(#field: #count,)
    });
    let more = [("more_positional", Kind::MorePositional), ("more_keywords", Kind::MoreKeywords)];
    let more = more.into_iter().filter(|(_, kind)| signature.has(*kind)).map(|(field, _)| {
        let field = Ident::new(field, Span::mixed_site());
        quote!(#field: true,)
    });
    Ok(quote! {
        &::cpython_api::Parameters {
            name: #name,
            doc: #doc,
            convention: ::cpython_api::Convention::#convention,
            names: &[#(#names),*],
            #(#counts)* #(#more)*
            ..::cpython_api::Parameters::NONE
        }
    })
}

/// The convention that Clinic chooses for a function or method, or that C has by hand.
pub(crate) fn convention(signature: &Signature, by_hand: bool) -> &'static str {
    let all = signature.parameters.len();
    let only_positional = signature.count(Kind::PositionalOnly);
    let more = signature.has(Kind::MorePositional) as usize;
    if signature.has(Kind::MoreKeywords) {
        "Tuple"
    } else if all == 0 {
        "NoArgs"
    } else if all == 1 && signature.required(&[Kind::PositionalOnly]) == 1 {
        "One"
    } else {
        match (only_positional + more == all, by_hand) {
            (true, false) => "Fast",
            (false, false) => "FastKeywords",
            (true, true) => "PlainTuple",
            (false, true) => "Tuple",
        }
    }
}
