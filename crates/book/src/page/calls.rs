//! The table of "Is X cancel-safe?": a section per module, a row per call.

use std::collections::BTreeMap;

use super::html::{escape, inline};
use crate::inventory::{Call, Documented, Effect};

/// The table, as Markdown. `mark` makes the mark of a row's check, and
/// `program` finds the place where an example is shown.
pub(super) fn table(
    calls: &[Call],
    mut mark: impl FnMut(&Call) -> String,
    program: impl Fn(&str) -> String,
) -> String {
    let mut text = format!("{}{}", summary(calls), filter(calls));
    for module in calls.chunk_by(|a, b| a.module() == b.module()) {
        let rows: String = module
            .iter()
            .map(|call| row(call, &mark(call), &program))
            .collect();
        text += &format!(
            "\n## `{}`\n\n<table class=\"calls\">\n<thead><tr><th scope=\"col\">Call</th>\
             <th scope=\"col\">When cancelled</th><th scope=\"col\">What was left</th>\
             <th scope=\"col\">Documentation</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
            module[0].module()
        );
    }
    text
}

/// How many rows there are, and for which versions they hold.
fn summary(calls: &[Call]) -> String {
    let versions: BTreeMap<String, &str> = calls
        .iter()
        .map(|call| (call.package(), call.version.as_str()))
        .collect();
    let versions: Vec<String> = versions
        .iter()
        .map(|(package, version)| format!("{package} {version}"))
        .collect();
    let versions = match versions.split_last() {
        Some((last, others)) if !others.is_empty() => {
            format!("{} and {last}", others.join(", "))
        }
        _ => versions.concat(),
    };
    let silent = calls
        .iter()
        .filter(|call| call.documented == Documented::Silent)
        .count();
    let differs = calls.iter().filter(|call| call.differs()).count();
    format!(
        "The {} rows below hold for {versions}, the versions that this book is locked to. \
         Of {silent} of these calls the documentation says nothing about cancellation; \
         in {differs} it says something else than the run.\n",
        calls.len()
    )
}

/// The filter, which a script brings to life.
fn filter(calls: &[Call]) -> String {
    let effects = boxes("effect", &WORDS, |class| {
        calls.iter().any(|call| word(&call.effect).0 == class)
    });
    let stances = boxes("docs", &STANCES, |class| {
        calls.iter().any(|call| stance(&call.documented).0 == class)
    });
    format!(
        "\n<form class=\"call-filter needs-js\" role=\"search\" aria-label=\"Calls\">\n\
         <label for=\"call-filter\">Find a call</label>\n\
         <input type=\"search\" id=\"call-filter\" placeholder=\"mpsc send\" autocomplete=\"off\" spellcheck=\"false\">\n\
         <fieldset><legend>When cancelled</legend>\n{effects}</fieldset>\n\
         <fieldset><legend>Documentation</legend>\n{stances}</fieldset>\n\
         <output for=\"call-filter\"></output>\n</form>\n"
    )
}

/// A box to tick for every word that some row has.
fn boxes(name: &str, words: &[(&str, &str)], occurs: impl Fn(&str) -> bool) -> String {
    let words = words.iter().filter(|(class, _)| occurs(class));
    words
        .map(|(class, word)| {
            format!(
                "<label><input type=\"checkbox\" name=\"{name}\" value=\"{class}\"> {word}</label>\n"
            )
        })
        .collect()
}

/// One row for a table of another page, which has no room for the
/// documentation. `list` is the page with all of them.
pub(super) fn short_row(call: &Call, mark: &str, list: &str) -> String {
    format!(
        "<tr class=\"{class}\"><td><a href=\"{list}#{anchor}\"><code>{name}</code></a></td>\
         <td>{verdict}</td><td>{left}&#160;{mark}</td></tr>\n",
        class = word(&call.effect).0,
        anchor = call.anchor,
        name = escape(&told_apart(call)),
        verdict = verdict(call),
        left = inline(&call.left),
    )
}

/// A call's name where no module stands above it: `time::sleep`.
fn told_apart(call: &Call) -> String {
    let (name, module) = (call.name(), call.module());
    let (_, module) = module.rsplit_once("::").unwrap_or_default();
    match name.strip_prefix("&mut ").unwrap_or(&name) {
        path if path.contains("::") || module.is_empty() => name,
        path => name.replace(path, &format!("{module}::{path}")),
    }
}

fn verdict(call: &Call) -> String {
    match &call.effect {
        Effect::SafeIf(condition) => format!(
            "<strong class=\"effect\">safe</strong> {}",
            inline(condition)
        ),
        effect => format!("<strong class=\"effect\">{}</strong>", word(effect).1),
    }
}

fn row(call: &Call, mark: &str, program: &impl Fn(&str) -> String) -> String {
    // The whole path is the heading, for whoever hears it and for the search.
    let name_below = call.name();
    let shown = name_below.trim_start_matches("&mut ");
    let reference = name_below.strip_suffix(shown).unwrap_or_default();
    let path = call.api.trim_start_matches("&mut ");
    let hidden = path.strip_suffix(shown).unwrap_or_default();
    let instead = match call.instead.as_str() {
        "" => String::new(),
        instead => format!(
            " <span class=\"instead\"><em>Instead:</em> {}</span>",
            inline(instead)
        ),
    };
    format!(
        "<tr class=\"{class}\" data-docs=\"{docs}\"><td><h3 id=\"{anchor}\"><a class=\"header\" href=\"#{anchor}\"><code>\
         {reference}<span class=\"visually-hidden\">{hidden}</span>{shown}</code></a></h3></td><td>{verdict}</td>\
         <td>{left}&#160;{mark}{instead}</td><td>{documented}</td></tr>\n",
        class = word(&call.effect).0,
        verdict = verdict(call),
        anchor = call.anchor,
        reference = escape(reference),
        hidden = escape(hidden),
        shown = escape(shown),
        docs = stance(&call.documented).0,
        left = inline(&call.left),
        documented = documented(call, program),
    )
}

fn documented(call: &Call, program: &impl Fn(&str) -> String) -> String {
    let link = |text: &str| {
        format!(
            "<a href=\"{}\" rel=\"external\">{text}</a>",
            escape(&call.url())
        )
    };
    match &call.documented {
        Documented::Says(words) => format!("{} “{}”", link("Its docs say"), quote(words)),
        Documented::Silent => link("Its docs say nothing"),
        Documented::Differs(words, example) => format!(
            "{} “{}”. <strong>The run differs</strong>: <a href=\"{}\">see it happen</a>",
            link("Its docs say"),
            quote(words),
            program(example),
        ),
    }
}

/// Words of rustdoc, whose own links lead nowhere from here.
fn quote(words: &str) -> String {
    inline(&words.replace("[`", "`").replace("`]", "`"))
}

/// Every effect: its class, and how a person says it.
const WORDS: [(&str, &str); 6] = [
    ("safe", "safe"),
    ("safe-if", "safe if …"),
    ("loses-data", "loses data"),
    ("does-twice", "does it twice"),
    ("loses-place", "loses its place"),
    ("goes-on", "goes on without you"),
];

/// Every stance of a documentation, likewise.
const STANCES: [(&str, &str); 3] = [
    ("agrees", "agrees"),
    ("silent", "says nothing"),
    ("differs", "differs"),
];

fn stance(documented: &Documented) -> (&'static str, &'static str) {
    STANCES[match documented {
        Documented::Says(_) => 0,
        Documented::Silent => 1,
        Documented::Differs(..) => 2,
    }]
}

fn word(effect: &Effect) -> (&'static str, &'static str) {
    WORDS[match effect {
        Effect::Safe => 0,
        Effect::SafeIf(_) => 1,
        Effect::LosesData => 2,
        Effect::DoesTwice => 3,
        Effect::LosesPlace => 4,
        Effect::GoesOn => 5,
    }]
}

/// What the list of claims says of a row.
pub(super) fn sentence(call: &Call) -> String {
    let effect = match &call.effect {
        Effect::SafeIf(condition) => format!("safe {condition}"),
        other => word(other).1.to_owned(),
    };
    format!("`{}`: {effect}. {}", call.api, call.left)
}
