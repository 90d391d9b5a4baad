//! Goes through an example and notes what to insert where.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprMethodCall, File, Signature};

use super::macros::{Arguments, Select, inside};
use super::{Edits, Error, Seen, line};

/// How long what a future waits for may be quoted, in characters.
const LABEL: usize = 60;

/// How long the name of a call may be, in characters.
const NAME: usize = 44;

/// Functions that take a future and poll it where they are awaited.
const TIMEOUTS: &[&str] = &["timeout", "timeout_at"];

/// Functions of tokio's whose futures deserve a lane once they are kept.
const TIMERS: &[&str] = &["sleep", "sleep_until"];

/// The walk through one example.
pub(super) struct Walk<'a> {
    source: &'a str,
    /// The functions and methods of the listing that are `async`.
    own: BTreeSet<String>,
    pub(super) edits: Edits,
    pub(super) main: Option<usize>,
    pub(super) error: Option<Error>,
    pub(super) seen: Seen,
}

impl<'a> Walk<'a> {
    pub(super) fn of(source: &'a str, file: &File) -> Self {
        let mut own = Own::default();
        own.visit_file(file);
        Self {
            source,
            own: own.0,
            edits: Edits::default(),
            main: None,
            error: None,
            seen: Seen::new(),
        }
    }

    /// What the source says, on one line and no longer than it has to be.
    fn label(&self, of: &impl Spanned) -> String {
        let text = &self.source[of.span().byte_range()];
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut label = words.join(" ");
        for (long, short) in [("( ", "("), (" .", "."), (", )", ")"), (" )", ")")] {
            label = label.replace(long, short);
        }
        if label.chars().count() > LABEL {
            label = label.chars().take(LABEL - 1).collect::<String>() + "…";
        }
        label
    }

    /// Makes `expr` a future with a lane of its own.
    fn lane(&mut self, kind: &str, name: &str, expr: &Expr) {
        let line = line(expr.span());
        let before = format!("::recorder::lane(::recorder::Kind::{kind}, {name:?}, {line}, ");
        self.edits.wrap(expr.span().byte_range(), before, ")");
    }

    /// Notes at which line, and for what, the surrounding code is suspended
    /// while `expr` is not ready.
    fn at(&mut self, line: usize, on: &str, expr: &Expr) {
        let before = format!("::recorder::at({line}, {on:?}, ");
        self.edits.wrap(expr.span().byte_range(), before, ")");
    }

    /// What the reader calls a future that this expression makes, if it is
    /// one whose body stands in the listing.
    fn body(&self, expr: &Expr) -> Option<String> {
        let own = |name: &syn::Ident| self.own.contains(&name.to_string());
        match expr {
            Expr::Async(_) => Some("async block".to_owned()),
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => {
                    let name = &path.path.segments.last()?.ident;
                    own(name).then(|| self.called(expr, name))
                }
                _ => None,
            },
            Expr::MethodCall(call) => own(&call.method).then(|| self.called(expr, &call.method)),
            Expr::Paren(inner) => self.body(&inner.expr),
            _ => None,
        }
    }

    /// A call as the listing has it, or without its arguments if it is long.
    fn called(&self, call: &Expr, name: &syn::Ident) -> String {
        let label = self.label(call);
        match label.chars().count() > NAME {
            true => format!("{name}(…)"),
            false => label,
        }
    }

    /// An expression that is given to `kind`: a future with a lane, unless it
    /// is only lent.
    fn given(&mut self, kind: &str, expr: &Expr) {
        if let Some(name) = self.body(expr) {
            self.lane(kind, &name, expr);
            self.inside_of(expr);
            return;
        }
        let lent = matches!(expr, Expr::Reference(_));
        if !lent {
            let name = self.label(expr);
            self.lane(kind, &name, expr);
        }
        self.visit_expr(expr);
    }

    /// Goes on below an expression that has its lane already.
    fn inside_of(&mut self, expr: &Expr) {
        match expr {
            Expr::Async(block) => self.async_block(block),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Paren(inner) => self.inside_of(&inner.expr),
            other => visit::visit_expr(self, other),
        }
    }

    fn async_block(&mut self, node: &syn::ExprAsync) {
        self.seen.insert(node.async_token.span().byte_range().start);
        self.frame("async block", line(node.span()), &node.block);
        visit::visit_expr_async(self, node);
    }

    /// A body announces itself by its first statement, which is dropped last.
    fn frame(&mut self, name: &str, line: usize, block: &Block) {
        let begin = block.brace_token.span.open().byte_range().end;
        let text = format!(" let _frame = ::recorder::enter({name:?}, {line}); ");
        self.edits.insert(begin, text);
    }

    /// A call of `thread::sleep` moves the paused clock instead.
    fn blocks(&mut self, callee: &Expr) {
        let range = callee.span().byte_range();
        if self.source[range.clone()].ends_with("thread::sleep") {
            self.edits
                .insert(range.start, "::recorder::clock".to_owned());
            self.edits.blank(range.start..range.end - "::sleep".len());
        }
    }

    fn call(&mut self, node: &ExprCall) {
        let name = match &*node.func {
            Expr::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
            _ => None,
        };
        let name = name.unwrap_or_default();
        self.visit_expr(&node.func);
        self.blocks(&node.func);
        let spawns = name.starts_with("spawn") && name != "spawn_blocking";
        let keeps = self.source[node.func.span().byte_range()].ends_with("Box::pin");
        for (index, argument) in node.args.iter().enumerate() {
            match argument {
                Expr::Closure(_) => self.visit_expr(argument),
                _ if spawns && index == 0 => self.given("Task", argument),
                _ if TIMEOUTS.contains(&&*name) && index == 1 && self.body(argument).is_some() => {
                    self.given("Argument", argument);
                }
                _ if keeps => self.kept(argument),
                _ => self.visit_expr(argument),
            }
        }
    }

    /// A future that is pinned to be polled later, perhaps by reference.
    fn kept(&mut self, expr: &Expr) {
        let is_timer = match expr {
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => path
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| TIMERS.iter().any(|timer| last.ident == timer)),
                _ => false,
            },
            _ => false,
        };
        if is_timer {
            self.given("Body", expr);
        } else {
            self.visit_expr(expr);
        }
    }

    fn method_call(&mut self, node: &ExprMethodCall) {
        self.visit_expr(&node.receiver);
        let spawns = node.method.to_string().starts_with("spawn");
        for (index, argument) in node.args.iter().enumerate() {
            match argument {
                Expr::Closure(_) => self.visit_expr(argument),
                _ if spawns && index == 0 => self.given("Task", argument),
                _ => self.visit_expr(argument),
            }
        }
    }

    fn function(&mut self, signature: &Signature, block: &Block) {
        if let Some(token) = &signature.asyncness {
            self.seen.insert(token.span().byte_range().start);
            let name = format!("{}()", signature.ident);
            self.frame(&name, line(signature.span()), block);
        }
    }

    fn select(&mut self, mac: &syn::Macro) {
        let select: Select = match mac.parse_body() {
            Ok(select) => select,
            Err(error) => return self.fail(error.into()),
        };
        if !select.biased {
            // Which branch is asked first is random in the listing; a recording
            // has to take one of the ways.
            self.edits.insert(inside(mac), " biased; ".to_owned());
        }
        let at = line(mac.span());
        for branch in &select.branches {
            self.at(at, "select!", &branch.future);
            self.given("Branch", &branch.future);
            if let Some(condition) = &branch.condition {
                self.visit_expr(condition);
            }
            self.visit_expr(&branch.handler);
        }
        if let Some(handler) = &select.otherwise {
            self.visit_expr(handler);
        }
    }

    fn join(&mut self, name: &str, mac: &syn::Macro) {
        let Arguments(futures) = match mac.parse_body() {
            Ok(arguments) => arguments,
            Err(error) => return self.fail(error.into()),
        };
        for future in &futures {
            self.at(line(mac.span()), &format!("{name}!"), future);
            self.given("Joined", future);
        }
    }

    /// Lets the test use what a listing keeps to itself.
    fn visible(&mut self, visibility: &syn::Visibility, item: Span) {
        if matches!(visibility, syn::Visibility::Inherited) {
            let begin = item.byte_range().start;
            self.edits.insert(begin, "pub(crate) ".to_owned());
        }
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_expr(&mut self, node: &'ast Expr) {
        match self.body(node) {
            Some(name) => {
                self.lane("Body", &name, node);
                self.inside_of(node);
            }
            None => visit::visit_expr(self, node),
        }
    }

    fn visit_expr_await(&mut self, node: &'ast syn::ExprAwait) {
        self.seen.insert(node.await_token.span.byte_range().start);
        let on = self.label(&*node.base);
        self.at(line(node.await_token.span), &on, &node.base);
        visit::visit_expr_await(self, node);
    }

    fn visit_expr_call(&mut self, node: &'ast ExprCall) {
        self.call(node);
    }

    fn visit_expr_method_call(&mut self, node: &'ast ExprMethodCall) {
        self.method_call(node);
    }

    fn visit_expr_closure(&mut self, node: &'ast syn::ExprClosure) {
        if let Some(token) = &node.asyncness {
            self.seen.insert(token.span().byte_range().start);
            let line = line(node.span());
            match &*node.body {
                Expr::Block(body) => self.frame("async closure", line, &body.block),
                body => {
                    let enter =
                        format!("{{ let _frame = ::recorder::enter(\"async closure\", {line}); ");
                    self.edits.wrap(body.span().byte_range(), enter, " }");
                }
            }
        }
        visit::visit_expr_closure(self, node);
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        if node.sig.ident == "main" && node.sig.asyncness.is_some() {
            self.main = Some(line(node.sig.span()));
            for attribute in node.attrs.iter().filter(|found| is_runtime(found)) {
                self.edits.blank(attribute.span().byte_range());
            }
        }
        self.visible(&node.vis, node.sig.span());
        self.function(&node.sig, &node.block);
        visit::visit_item_fn(self, node);
    }

    fn visit_item_struct(&mut self, node: &'ast syn::ItemStruct) {
        self.visible(&node.vis, node.struct_token.span);
        for field in &node.fields {
            let span = field.ident.as_ref().map_or(field.ty.span(), Spanned::span);
            self.visible(&field.vis, span);
        }
        visit::visit_item_struct(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.function(&node.sig, &node.block);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        let is_drop = |path: &syn::Path| path.segments.last().is_some_and(|s| s.ident == "Drop");
        if node.trait_.as_ref().is_some_and(|(path, _)| is_drop(path)) {
            let name = match &*node.self_ty {
                syn::Type::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
                _ => None,
            };
            let name = name.unwrap_or_else(|| self.label(&*node.self_ty));
            for item in &node.items {
                if let syn::ImplItem::Fn(function) = item {
                    let begin = function.block.brace_token.span.open().byte_range().end;
                    let text = format!(" ::recorder::destructor({name:?}); ");
                    self.edits.insert(begin, text);
                }
            }
        }
        visit::visit_item_impl(self, node);
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        let name = node.path.segments.last().map(|s| s.ident.to_string());
        let name = name.unwrap_or_default();
        match &*name {
            "select" => self.select(node),
            "join" | "try_join" => self.join(&name, node),
            "println" | "print" | "eprintln" | "eprint" => {
                let path = node.path.span().byte_range();
                self.seen.insert(path.start);
                self.edits.insert(path.start, "::recorder::".to_owned());
                let line = line(node.path.span());
                self.edits.insert(inside(node), format!("{line}, "));
                self.arguments(node);
            }
            "pin" => match node.parse_body::<Expr>() {
                Ok(future) => self.kept(&future),
                Err(error) => self.fail(error.into()),
            },
            _ => self.arguments(node),
        }
    }
}

impl Walk<'_> {
    /// Goes through a macro whose arguments are expressions. What is in a
    /// macro of another grammar is missed here, and found by the caller.
    fn arguments(&mut self, mac: &syn::Macro) {
        if let Ok(Arguments(arguments)) = mac.parse_body() {
            for argument in &arguments {
                self.visit_expr(argument);
            }
        }
    }
}

/// Collects the names of what is `async` in a listing.
#[derive(Default)]
struct Own(BTreeSet<String>);

impl<'ast> Visit<'ast> for Own {
    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        // `#[tokio::main]` makes a function that waits, and is no future.
        if !node.attrs.iter().any(is_runtime) {
            visit::visit_item_fn(self, node);
        }
    }

    fn visit_signature(&mut self, node: &'ast Signature) {
        if node.asyncness.is_some() {
            self.0.insert(node.ident.to_string());
        }
    }
}

/// Whether this is `#[tokio::main]`.
fn is_runtime(attribute: &syn::Attribute) -> bool {
    let name = attribute.path().segments.last();
    name.is_some_and(|name| name.ident == "main")
}
