//! Which expressions are futures that a reader sees, what a reader calls them,
//! and how they get their lane.

use std::collections::BTreeSet;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Ident, Signature};

use super::line;
use super::walk::Walk;

/// How long what a future waits for may be quoted, in characters.
const LABEL: usize = 60;

/// How long the name of a call may be, in characters.
const NAME: usize = 44;

/// Functions of tokio's whose futures deserve a lane once they are kept.
const TIMERS: &[&str] = &["sleep", "sleep_until"];

impl Walk<'_> {
    /// What the source says, on one line and no longer than it has to be.
    pub(super) fn label(&self, of: &impl Spanned) -> String {
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
    pub(super) fn lane(&mut self, kind: &str, name: &str, expr: &Expr) {
        let line = line(expr.span());
        let before = format!("::recorder::lane(::recorder::Kind::{kind}, {name:?}, {line}, ");
        self.edits.wrap(expr.span().byte_range(), before, ")");
    }

    /// Notes at which line, and for what, the surrounding code is suspended
    /// while `expr` is not ready.
    pub(super) fn at(&mut self, line: usize, on: &str, expr: &Expr) {
        let before = format!("::recorder::at({line}, {on:?}, ");
        self.edits.wrap(expr.span().byte_range(), before, ")");
    }

    /// What the reader calls a future that this expression makes, if it is
    /// one whose body stands in the listing.
    pub(super) fn body(&self, expr: &Expr) -> Option<String> {
        let own = |name: &Ident| self.own.contains(&name.to_string());
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
    fn called(&self, call: &Expr, name: &Ident) -> String {
        let label = self.label(call);
        match label.chars().count() > NAME {
            true => format!("{name}(…)"),
            false => label,
        }
    }

    /// An expression that is given to `kind`: a future with a lane, unless it
    /// is only lent.
    pub(super) fn given(&mut self, kind: &str, expr: &Expr) {
        if let Some(name) = self.body(expr) {
            self.lane(kind, &name, expr);
            self.inside_of(expr);
            return;
        }
        let lent = matches!(expr, Expr::Reference(_));
        let name = self.label(expr);
        // What a variable holds may have had its lane since it was made. Spawned,
        // it is polled by the runtime, and its task has one too.
        if !lent && (kind == "Task" || !self.held.contains(&name)) {
            self.lane(kind, &name, expr);
        }
        self.visit_expr(expr);
    }

    /// Goes on below an expression that has its lane already.
    pub(super) fn inside_of(&mut self, expr: &Expr) {
        match expr {
            Expr::Async(block) => self.async_block(block),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Paren(inner) => self.inside_of(&inner.expr),
            other => visit::visit_expr(self, other),
        }
    }

    /// A future that is pinned to be polled later, perhaps by reference.
    pub(super) fn kept(&mut self, expr: &Expr) {
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
}

/// Collects the names of what is `async` in a listing.
#[derive(Default)]
pub(super) struct Own(pub(super) BTreeSet<String>);

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
pub(super) fn is_runtime(attribute: &syn::Attribute) -> bool {
    let name = attribute.path().segments.last();
    name.is_some_and(|name| name.ident == "main")
}
