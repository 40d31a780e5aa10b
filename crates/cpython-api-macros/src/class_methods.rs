//! `#[methods]`: the tables of a class.
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, ImplItem, ImplItemFn, ItemImpl, LitStr, Token, Type};

use crate::arguments::{self, Asked, is_named};
use crate::class_slot::{self, is_instance, is_reference_to};
use crate::docs;
use crate::signature::Signature;

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let ready = Punctuated::<Ident, Token![,]>::parse_terminated;
    let ready = syn::parse::Parser::parse2(ready, attribute)?;
    let mut item: ItemImpl = syn::parse2(item)?;
    let class = (*item.self_ty).clone();
    let mut tables = Tables::default();
    for word in &ready {
        match word.to_string().as_str() {
            "class_getitem" => tables.methods.push(quote!(#word())),
            "tp_iter_self" | "tp_getattro_generic" => tables.slots.push(quote!(#word())),
            _ => {
                let text =
                    "ready made are `class_getitem`, `tp_iter_self` and `tp_getattro_generic`";
                return Err(syn::Error::new(word.span(), text));
            }
        }
    }
    for member in &mut item.items {
        if let ImplItem::Fn(function) = member {
            for (role, attribute) in roles(function)? {
                tables.add(&class, function, &role, &attribute)?;
            }
        }
    }
    let tables = tables.finish(&class);
    Ok(quote! {
        #item
        const _: () = { #tables };
    })
}

/// What a function of the class is to Python.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    New,
    Init,
    Call,
    Method,
    ClassMethod,
    StaticMethod,
    Getter,
    Setter,
    Slot,
}

impl Role {
    fn of(attribute: &Attribute) -> Option<Self> {
        Some(match attribute.path().get_ident()?.to_string().as_str() {
            "new" => Self::New,
            "init" => Self::Init,
            "call" => Self::Call,
            "method" => Self::Method,
            "class_method" => Self::ClassMethod,
            "static_method" => Self::StaticMethod,
            "getter" => Self::Getter,
            "setter" => Self::Setter,
            "slot" => Self::Slot,
            _ => return None,
        })
    }

    /// The kind of receiver.
    fn receiver(self) -> Ident {
        let name = match self {
            Self::New | Self::ClassMethod => "OfType",
            Self::StaticMethod => "OfNothing",
            _ => "OfClass",
        };
        Ident::new(name, Span::mixed_site())
    }

    /// The receiver in the text signature.
    fn shown_receiver(self) -> Option<&'static str> {
        match self {
            Self::New | Self::StaticMethod => None,
            Self::ClassMethod => Some("type"),
            _ => Some("self"),
        }
    }
}

/// The attributes of a function that say what it is to Python, taken away.
fn roles(function: &mut ImplItemFn) -> syn::Result<Vec<(Role, Attribute)>> {
    let (ours, others): (Vec<_>, Vec<_>) =
        function.attrs.drain(..).partition(|attribute| Role::of(attribute).is_some());
    function.attrs = others;
    Ok(ours.into_iter().filter_map(|a| Some((Role::of(&a)?, a))).collect())
}

/// A signature, or a name, and words behind it.
struct Text {
    text: LitStr,
    words: Vec<Ident>,
    by_hand: Option<LitStr>,
}

impl Parse for Text {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let text = input.parse()?;
        let (mut words, mut by_hand) = (Vec::new(), None);
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            if input.peek2(Token![=]) {
                by_hand = Some(arguments::by_hand(input)?);
            } else {
                words.push(input.parse()?);
            }
        }
        Ok(Self { text, words, by_hand })
    }
}

impl Text {
    /// Refuses words that say nothing of such a function.
    fn check(&self, role: Role) -> syn::Result<()> {
        let known: &[&str] = match role {
            Role::Method => &["coexist", "defining_class"],
            Role::ClassMethod => &["defining_class"],
            Role::New => &["unnamed", "unsigned"],
            Role::Setter => &["deletable"],
            _ => &[],
        };
        let Some(other) = self.words.iter().find(|found| known.iter().all(|word| *found != word))
        else {
            return Ok(());
        };
        let text = match known.is_empty() {
            true => "no word can stand here".to_owned(),
            false => format!("only `{}` can stand here", known.join("` or `")),
        };
        Err(syn::Error::new(other.span(), text))
    }

    /// Whether the word is there.
    fn says(&self, word: &str) -> bool {
        self.words.iter().any(|found| found == word)
    }
}

/// The entries of the tables, as calls of what makes them, and the items that they need.
#[derive(Default)]
struct Tables {
    items: Vec<TokenStream>,
    methods: Vec<TokenStream>,
    slots: Vec<TokenStream>,
    properties: Vec<Property>,
    constructor: Option<Ident>,
}

/// A property on its way to its entry.
struct Property {
    name: String,
    getter: Option<(Ident, String)>,
    setter: Option<Ident>,
    span: Span,
}

impl Tables {
    fn add(
        &mut self,
        class: &Type,
        function: &mut ImplItemFn,
        role: &Role,
        attribute: &Attribute,
    ) -> syn::Result<()> {
        if *role == Role::Slot {
            let names =
                attribute.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)?;
            for name in names {
                self.items.push(class_slot::implementation(&name, class, function)?);
                self.slots.push(quote!(#name()));
                if name == "bf_getbuffer" {
                    self.slots.push(quote!(bf_releasebuffer()));
                }
            }
            return Ok(());
        }
        let text: Text = attribute.parse_args().map_err(|error| {
            syn::Error::new(error.span(), "expected the Python signature, or a property's name")
        })?;
        text.check(*role)?;
        let marker = format_ident!("{}_{}", function.sig.ident, self.items.len());
        let signature = match role {
            Role::Getter => format!("{}()", text.text.value()),
            Role::Setter if text.says("deletable") => {
                format!("{}({}=<absent>, /)", text.text.value(), value_name(function)?)
            }
            Role::Setter => format!("{}({}, /)", text.text.value(), value_name(function)?),
            _ => text.text.value(),
        };
        let signature = Signature::parse(&LitStr::new(&signature, text.text.span()))?;
        self.items.push(marked(class, function, *role, &marker, &signature, &text)?);
        match role {
            Role::Method => {
                let coexist = text.says("coexist").then(|| quote!(.coexist()));
                self.methods.push(quote!(method::<#marker>() #coexist));
            }
            Role::ClassMethod => self.methods.push(quote!(class_method::<#marker>())),
            Role::StaticMethod => self.methods.push(quote!(static_method::<#marker>())),
            Role::New => {
                self.slots.push(quote!(tp_new::<#marker>()));
                self.constructor = Some(marker);
            }
            Role::Init => self.slots.push(quote!(tp_init::<#marker>())),
            Role::Call => self.slots.push(quote!(tp_call::<#marker>())),
            Role::Getter => {
                let doc = docs::docstring(&function.attrs);
                self.property(&text.text).getter = Some((marker, doc));
            }
            Role::Setter => self.property(&text.text).setter = Some(marker),
            Role::Slot => {}
        }
        Ok(())
    }

    fn property(&mut self, name: &LitStr) -> &mut Property {
        let known = self.properties.iter().position(|property| property.name == name.value());
        let i = known.unwrap_or(self.properties.len());
        if known.is_none() {
            let (name, span) = (name.value(), name.span());
            self.properties.push(Property { name, getter: None, setter: None, span });
        }
        &mut self.properties[i]
    }

    /// The `static` with the tables.
    fn finish(self, class: &Type) -> TokenStream {
        let py = quote!(::cpython_api::class);
        let properties: Vec<_> = match self.properties.iter().map(property).collect() {
            Ok(properties) => properties,
            Err(error) => return syn::Error::into_compile_error(error),
        };
        let Self { items, methods, slots, constructor, .. } = self;
        let number = |list: &[TokenStream]| Literal::usize_unsuffixed(list.len());
        let (m, p, s) = (number(&methods), number(&properties), number(&slots));
        let constructor = constructor.map(|marker| quote!(.constructor::<#marker>()));
        quote! {
            #(#items)*

            impl #py::Methods for #class {
                fn tables() -> #py::TablesRef<Self> {
                    static TABLES: #py::Tables<#class, #m, #p, #s> = #py::Tables::new(
                        [#(#py::MethodDef::#methods),*],
                        [#(#py::PropertyDef::#properties),*],
                        [#(#py::Slot::#slots),*],
                    ) #constructor;
                    TABLES.get()
                }
            }
        }
    }
}

/// The entry of a property.
fn property(property: &Property) -> syn::Result<TokenStream> {
    let Some((getter, doc)) = &property.getter else {
        return Err(syn::Error::new(property.span, "a property has a getter"));
    };
    let doc = if doc.is_empty() {
        quote!(::core::option::Option::None)
    } else {
        let doc = docs::c_string(doc, property.span)?;
        quote!(::core::option::Option::Some(#doc))
    };
    Ok(match &property.setter {
        Some(setter) => quote!(read_write::<#getter, #setter>(#doc)),
        None => quote!(read_only::<#getter>(#doc)),
    })
}

/// The name of a setter's parameter: the one that nothing else is asked for by.
fn value_name(function: &ImplItemFn) -> syn::Result<String> {
    let value = function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(input) if !is_asked(&input.ty) => match &*input.pat {
            syn::Pat::Ident(pattern) => Some(pattern.ident.to_string()),
            _ => None,
        },
        _ => None,
    });
    value.ok_or_else(|| syn::Error::new(function.sig.ident.span(), "a setter takes a value"))
}

/// Whether a parameter is asked for by its type.
fn is_asked(ty: &Type) -> bool {
    is_instance(ty) || ["ThreadState", "Module"].iter().any(|name| is_reference_to(ty, name))
}

/// The type that stands for a function in the tables, with its implementation of `Function`.
fn marked(
    class: &Type,
    function: &mut ImplItemFn,
    role: Role,
    marker: &Ident,
    signature: &Signature,
    text: &Text,
) -> syn::Result<TokenStream> {
    let by_hand = text.by_hand.as_ref();
    if let (Some(text), Role::New | Role::Init | Role::Call | Role::Getter | Role::Setter) =
        (by_hand, role)
    {
        return Err(syn::Error::new(text.span(), "this is for methods"));
    }
    let unnamed = text.says("unnamed");
    let call = Ident::new("call", Span::mixed_site());
    let this = Ident::new("this", Span::mixed_site());
    let receiver = role.receiver();
    let has_self = matches!(function.sig.inputs.first(), Some(FnArg::Receiver(_)));
    if has_self && receiver != "OfClass" {
        return Err(syn::Error::new(function.sig.inputs.span(), "there is no instance here"));
    }
    let instance = Ident::new("instance", Span::mixed_site());
    let has_instance =
        |input: &FnArg| matches!(input, FnArg::Typed(typed) if is_instance(&typed.ty));
    let asks_for_both = has_self && function.sig.inputs.iter().any(has_instance);
    let inputs = function.sig.inputs.iter_mut().skip(usize::from(has_self));
    let found = arguments::bind(signature, inputs, &call, |ty, variable| {
        if asks_for_both && is_instance(ty) {
            return Ok(Some(Asked { line: quote!(), passed: quote!(&#instance) }));
        }
        Ok(ask(role, ty, variable, &call))
    })?;
    let payload = has_self.then(|| match asks_for_both {
        true => quote!(let (#instance, #this) = #call.instance()?;),
        false => quote!(let #this = #call.payload()?;),
    });
    let passed = has_self.then(|| quote!(#this)).into_iter().chain(found.passed.iter().cloned());
    let convention = match role {
        Role::New | Role::Init | Role::Call => "Tuple",
        Role::Getter => "NoArgs",
        // A value that may be missing.
        Role::Setter if signature.parameters.iter().any(|p| p.default.is_some()) => "Fast",
        Role::Setter => "One",
        _ if text.says("defining_class") => "FastKeywords",
        _ => arguments::convention(signature, by_hand.is_some()),
    };
    let mut docstring = String::new();
    if !unnamed && !text.says("unsigned") {
        docstring += &arguments::heading(signature, role.shown_receiver(), by_hand);
    }
    if role != Role::New {
        docstring += &docs::docstring(&function.attrs);
    }
    let mut parameters =
        arguments::parameters(signature, &docstring, convention, text.text.span())?;
    if unnamed {
        parameters = quote!(&#parameters.unnamed());
    }
    let touches = (role != Role::New).then(|| found.touches(&function.sig.output)).flatten();
    let touches = touches.map(|tokens| with_class(tokens, class));
    let give = if role == Role::New { quote!(construct) } else { quote!(give) };
    let places = Literal::usize_unsuffixed(signature.parameters.len());
    let (lines, name) = (&found.lines, &function.sig.ident);
    let kind = quote!(::cpython_api::class::#receiver<#class>);
    Ok(quote! {
        #[allow(non_camel_case_types, reason = "has the name of its function")]
        enum #marker {}

        impl ::cpython_api::Function<#kind> for #marker {
            const PARAMETERS: &'static ::cpython_api::Parameters = #parameters;
            #touches
            type Places = ::cpython_api::PlacesOf<#places>;

            #[inline(always)]
            fn call<'a, 'py>(
                #call: ::cpython_api::Call<'a, 'py, #kind>,
            ) -> ::cpython_api::PyResult<::cpython_api::Outcome<'py>> {
                #payload
                #(#lines)*
                #call.#give(<#class>::#name(#(#passed),*))
            }
        }
    })
}

/// What a function gets when it asks for the thread state, the instance, the class, the module.
fn ask(role: Role, ty: &Type, variable: &Ident, call: &Ident) -> Option<Asked> {
    let Type::Reference(reference) = ty else { return None };
    let mutable = reference.mutability;
    let line = if is_named(&reference.elem, "ThreadState") {
        let binding = mutable.map(|_| quote!(mut));
        quote!(let #binding #variable = #call.thread_state();)
    } else if is_named(&reference.elem, "Module") && role != Role::StaticMethod {
        let holder = format_ident!("{}_holder", variable, span = Span::mixed_site());
        quote! {
            let #holder = #call.class_module()?;
            let #variable = #holder.module();
        }
    } else if is_instance(ty) && role.receiver() == "OfClass" {
        quote!(let #variable = #call.this()?;)
    } else if is_named(&reference.elem, "Bound") && role.receiver() == "OfType" {
        quote!(let #variable = #call.class()?;)
    } else {
        return None;
    };
    Some(Asked { line, passed: quote!(&#mutable #variable) })
}

/// The tokens with `Self` replaced by the class.
fn with_class(tokens: TokenStream, class: &Type) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => class.to_token_stream(),
            TokenTree::Group(group) => {
                let inner = with_class(group.stream(), class);
                TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner)).into()
            }
            other => other.into(),
        })
        .collect()
}
