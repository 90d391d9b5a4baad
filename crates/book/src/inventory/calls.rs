//! The calls of which the book says what cancelling them does: the rows that
//! the tests of `tests/is_cancel_safe` declare.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syn::spanned::Spanned;
use syn::{Expr, ExprStruct, Item, ItemFn, Lit, Member, Stmt};

use super::checks::is_test;
use super::modules::Module;
use crate::lock::Lock;

/// What cancelling a call does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Made again, it is as if it had never been dropped.
    Safe,
    /// Safe under a condition: "if …".
    SafeIf(String),
    /// What was on its way is gone.
    LosesData,
    /// What was done is done again.
    DoesTwice,
    /// Only the place in a queue is lost.
    LosesPlace,
    /// Dropped, it carries on.
    GoesOn,
}

/// What the documentation of a call says about that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Documented {
    /// These words, and the run agrees.
    Says(String),
    /// Nothing.
    Silent,
    /// These words, and the run differs, as this example shows.
    Differs(String, String),
}

/// One call.
#[derive(Debug)]
pub struct Call {
    /// The path under which one imports it; `&mut ` before it when it is
    /// awaited by reference, and in parentheses what else matters.
    pub api: String,
    /// The id of its row: the crate and the last three names of its path, so
    /// `tokio-mpsc-sender-send`.
    pub anchor: String,
    /// The version of its package that ran.
    pub version: String,
    /// Its documentation, below that version on docs.rs.
    pub page: String,
    /// What cancelling it does.
    pub effect: Effect,
    /// What was left; Markdown.
    pub left: String,
    /// What its documentation says.
    pub documented: Documented,
    /// What to use instead; Markdown, maybe empty.
    pub instead: String,
    /// The check that holds the row.
    pub check: String,
    /// The file that declares it, relative to the root.
    pub path: PathBuf,
    /// The line of the declaration, from 1.
    pub line: usize,
}

impl Call {
    /// Where its documentation is.
    pub fn url(&self) -> String {
        format!(
            "https://docs.rs/{}/{}/{}",
            self.package(),
            self.version,
            self.page
        )
    }

    /// Whether the run refutes the documentation.
    pub fn differs(&self) -> bool {
        matches!(self.documented, Documented::Differs(..))
    }

    /// The package that it comes from, as `Cargo.lock` spells it.
    pub fn package(&self) -> String {
        let path = self.api.trim_start_matches("&mut ");
        let (first, _) = path.split_once("::").unwrap_or((path, ""));
        first.replace('_', "-")
    }

    /// The module that the table lists it under: `tokio::sync`.
    pub fn module(&self) -> String {
        let path = self.api.trim_start_matches("&mut ");
        let segments: Vec<&str> = path.split("::").collect();
        let is_module = |name: &&&str| name.starts_with(char::is_lowercase);
        match segments.get(1).filter(is_module) {
            Some(module) if segments.len() > 2 => format!("{}::{module}", segments[0]),
            _ => segments[0].to_owned(),
        }
    }

    /// Its name below that module: `mpsc::Sender::send`.
    pub fn name(&self) -> String {
        let reference = if self.api.starts_with('&') {
            "&mut "
        } else {
            ""
        };
        let path = self.api.trim_start_matches("&mut ");
        let below = path.strip_prefix(&self.module()).unwrap_or(path);
        format!("{reference}{}", below.trim_start_matches("::"))
    }
}

/// The rows of these modules, by module and name. A test that stands in a
/// module of its own within one of them is about the harness, and no row.
///
/// # Errors
/// When a test declares no row, or one that cannot be read, and when
/// `Cargo.lock` does not know its package.
pub(super) fn rows(root: &Path, modules: &[Module]) -> Result<Vec<Call>> {
    let mut rows = Vec::new();
    for module in modules {
        for item in &module.file.items {
            if let Item::Fn(function) = item
                && is_test(function)
            {
                rows.push(row(module, function)?);
            }
        }
    }
    if !rows.is_empty() {
        let lock = Lock::read(root)?;
        for call in &mut rows {
            let version = lock.version(&call.package()).with_context(|| {
                let (path, line) = (call.path.display(), call.line);
                format!(
                    "{path}:{line}: `{}` starts with no crate of this workspace",
                    call.api
                )
            })?;
            call.version = version.to_owned();
        }
    }
    rows.sort_by_key(|call| {
        let crates = ["tokio", "tokio-util", "tokio-stream", "futures"];
        let package = call.package();
        let place = crates.iter().position(|name| *name == package);
        let name = call.name();
        let plain = name.trim_start_matches("&mut ").to_lowercase();
        (place.unwrap_or(crates.len()), call.module(), plain, name)
    });
    Ok(rows)
}

fn row(module: &Module, function: &ItemFn) -> Result<Call> {
    let literal = function.block.stmts.iter().find_map(|statement| {
        let Stmt::Local(local) = statement else {
            return None;
        };
        match &*local.init.as_ref()?.expr {
            Expr::Struct(literal) if literal.path.is_ident("Row") => Some(literal),
            _ => None,
        }
    });
    let check = format!("{}::{}", module.name, function.sig.ident);
    let Some(literal) = literal else {
        bail!(
            "{}:{}: the test `{check}` declares no row\n    start it with `let row = Row {{ … }};`, \
             or put it into a module of its own if it tests the harness",
            module.path.display(),
            function.sig.span().start().line,
        );
    };
    let fields = Fields {
        path: &module.path,
        literal,
    };
    let api = fields.text("api")?;
    Ok(Call {
        anchor: anchor(&api),
        api,
        version: String::new(),
        page: fields.text("page")?,
        effect: fields.effect()?,
        left: fields.text("left")?,
        documented: fields.documented()?,
        instead: fields.text("instead")?,
        check,
        path: module.path.clone(),
        line: literal.span().start().line,
    })
}

fn anchor(api: &str) -> String {
    let (reference, path) = match api.strip_prefix("&mut ") {
        Some(path) => ("ref-", path),
        None => ("", api),
    };
    let (first, rest) = path.split_once("::").unwrap_or((path, ""));
    let names: Vec<&str> = rest.split("::").collect();
    let last = names[names.len().saturating_sub(3)..].join("-");
    let slug = format!("{reference}{first}-{last}").to_lowercase();
    let words = slug.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// A `Row { … }` in the source.
struct Fields<'a> {
    path: &'a Path,
    literal: &'a ExprStruct,
}

impl Fields<'_> {
    fn text(&self, name: &str) -> Result<String> {
        let value = self.value(name)?;
        match string(value) {
            Some(text) => Ok(text),
            None => self.unreadable(name, value, "a string literal"),
        }
    }

    fn effect(&self) -> Result<Effect> {
        let value = self.value("verdict")?;
        let (word, arguments) = variant(value);
        Ok(match (word.as_str(), arguments.as_slice()) {
            ("Safe", []) => Effect::Safe,
            ("SafeIf", [condition]) => Effect::SafeIf(condition.clone()),
            ("LosesData", []) => Effect::LosesData,
            ("DoesTwice", []) => Effect::DoesTwice,
            ("LosesPlace", []) => Effect::LosesPlace,
            ("GoesOn", []) => Effect::GoesOn,
            _ => return self.unreadable("verdict", value, "a `Word`"),
        })
    }

    fn documented(&self) -> Result<Documented> {
        let value = self.value("docs")?;
        let (word, arguments) = variant(value);
        Ok(match (word.as_str(), arguments.as_slice()) {
            ("Says", [words]) => Documented::Says(words.clone()),
            ("Silent", []) => Documented::Silent,
            ("Differs", [words, program]) => Documented::Differs(words.clone(), program.clone()),
            _ => return self.unreadable("docs", value, "a `Docs` of string literals"),
        })
    }

    fn value(&self, name: &str) -> Result<&Expr> {
        let named = |member: &Member| matches!(member, Member::Named(ident) if ident == name);
        let field = self.literal.fields.iter().find(|f| named(&f.member));
        match field {
            Some(field) => Ok(&field.expr),
            None => bail!(
                "{}:{}: the row has no `{name}`\n    write every field of a row into its literal",
                self.path.display(),
                self.literal.span().start().line,
            ),
        }
    }

    fn unreadable<T>(&self, name: &str, value: &Expr, expected: &str) -> Result<T> {
        bail!(
            "{}:{}: `{name}` is not {expected}\n    the book reads rows out of the source, \
             so write the value itself",
            self.path.display(),
            value.span().start().line,
        )
    }
}

fn string(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The name of an enum's variant, and the strings in it.
fn variant(value: &Expr) -> (String, Vec<String>) {
    let (path, arguments) = match value {
        Expr::Call(call) => (&*call.func, call.args.iter().filter_map(string).collect()),
        other => (other, Vec::new()),
    };
    let name = match path {
        Expr::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
        _ => None,
    };
    (name.unwrap_or_default(), arguments)
}
