//! Goes through an example and notes what to insert where.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprMethodCall, File, Signature};

use super::lanes::{Own, is_runtime};
use super::macros::{Arguments, Select, inside};
use super::{Edits, Error, Seen, line};

/// Functions that take a future and poll it where they are awaited.
const TIMEOUTS: &[&str] = &["timeout", "timeout_at"];

/// What makes a runtime with threads and a clock of its own.
const RUNTIME: &str = "Runtime::new";

/// Functions that a copy calls something else for: something on one thread
/// and the paused clock.
const REPLACED: &[(&str, &str)] = &[
    ("thread::sleep", "::recorder::clock::sleep"),
    (RUNTIME, "::recorder::runtime"),
];

/// The walk through one example.
pub(super) struct Walk<'a> {
    pub(super) source: &'a str,
    /// The functions and methods of the listing that are `async`.
    pub(super) own: BTreeSet<String>,
    /// The variables of the present function that hold a future with a lane.
    pub(super) held: BTreeSet<String>,
    pub(super) edits: Edits,
    /// The line of an `async fn main`.
    pub(super) main: Option<usize>,
    /// Whether it makes a runtime, of which the recorder has the clock.
    pub(super) has_runtime: bool,
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
            held: BTreeSet::new(),
            edits: Edits::default(),
            main: None,
            has_runtime: false,
            error: None,
            seen: Seen::new(),
        }
    }

    pub(super) fn async_block(&mut self, node: &syn::ExprAsync) {
        self.seen.insert(node.async_token.span().byte_range().start);
        self.frame("async block", line(node.span()), &node.block);
        visit::visit_expr_async(self, node);
    }

    /// A body announces itself by its first statement, which is dropped last.
    fn frame(&mut self, name: &str, line: usize, block: &Block) {
        let text = format!(" let _frame = ::recorder::enter({name:?}, {line}); ");
        self.first(block, &text);
    }

    /// Puts a statement before all others of a block.
    fn first(&mut self, block: &Block, statement: &str) {
        let brace = block.brace_token.span.open().byte_range();
        self.edits.behind(brace, statement);
    }

    /// Calls the recorder's in place of a function whose doing it has to know.
    fn replace(&mut self, callee: &Expr) {
        let range = callee.span().byte_range();
        let said = &self.source[range.clone()];
        if let Some((name, instead)) = REPLACED.iter().find(|(name, _)| said.ends_with(name)) {
            self.has_runtime |= *name == RUNTIME;
            self.edits.insert(range.start, (*instead).to_owned());
            self.edits.blank(range);
        }
    }

    pub(super) fn call(&mut self, node: &ExprCall) {
        let name = match &*node.func {
            Expr::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
            _ => None,
        };
        let name = name.unwrap_or_default();
        self.visit_expr(&node.func);
        self.replace(&node.func);
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

    pub(super) fn method_call(&mut self, node: &ExprMethodCall) {
        self.visit_expr(&node.receiver);
        let name = node.method.to_string();
        let spawns = name.starts_with("spawn");
        for (index, argument) in node.args.iter().enumerate() {
            match argument {
                Expr::Closure(_) => self.visit_expr(argument),
                _ if spawns && index == 0 => self.given("Task", argument),
                _ if name == "block_on" => self.given("Main", argument),
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
        let held = std::mem::take(&mut self.held);
        visit::visit_item_fn(self, node);
        self.held = held;
    }

    fn visit_local(&mut self, node: &'ast syn::Local) {
        visit::visit_local(self, node);
        if let (syn::Pat::Ident(variable), Some(init)) = (&node.pat, &node.init) {
            let name = variable.ident.to_string();
            match self.body(&init.expr) {
                Some(_) => self.held.insert(name),
                None => self.held.remove(&name),
            };
        }
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
        let held = std::mem::take(&mut self.held);
        visit::visit_impl_item_fn(self, node);
        self.held = held;
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
                    let text = format!(" ::recorder::destructor({name:?}); ");
                    self.first(&function.block, &text);
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
