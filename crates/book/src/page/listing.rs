//! A program on a page: its listing, the command that runs it, and what its
//! test asserts that it prints.

use super::height::Height;
use super::highlight;
use super::html::{escape, lines};
use crate::inventory::Program;

/// Listing, command, output, and the timeline if there is one.
pub(super) fn example(
    name: &str,
    program: &Program,
    mark: &str,
    timeline: Option<String>,
) -> String {
    let mut parts = vec![
        source(program, &program.listing()),
        command(&run(name)),
        printed(name, program, mark),
    ];
    parts.extend(timeline);
    figure(&format!("class=\"example\" id=\"example-{name}\""), &parts)
}

/// Listing and command, for a reader who shall guess the output first.
pub(super) fn listing(name: &str, program: &Program) -> String {
    figure(
        &format!("class=\"example\" id=\"example-{name}\""),
        &[source(program, &program.listing()), command(&run(name))],
    )
}

/// The output, and the timeline if there is one, for the answer.
pub(super) fn output(
    name: &str,
    program: &Program,
    mark: &str,
    timeline: Option<String>,
) -> String {
    let mut parts = vec![printed(name, program, mark)];
    parts.extend(timeline);
    figure("class=\"example answer\"", &parts)
}

/// The lines between two anchors.
pub(super) fn part(name: &str, program: &Program, anchor: &str) -> String {
    let anchors = program.anchors();
    let text = anchors.iter().find(|found| found.name == anchor);
    let text = text.map_or("", |found| &found.text);
    figure(
        "class=\"example part\"",
        &[source(program, text), command(&run(name))],
    )
}

/// A program that must not compile, and the compiler's message.
pub(super) fn compile_fail(name: &str, program: &Program, mark: &str) -> String {
    let command_line = format!("cargo test --test compile_fail compile_fail::{name}");
    figure(
        &format!("class=\"example compile-fail\" id=\"compile-fail-{name}\""),
        &[
            source(program, &program.listing()),
            command(&command_line),
            text(
                "output rustc",
                &format!("What the compiler says to {name}"),
                program,
                mark,
            ),
        ],
    )
}

/// A figure that says how tall it is: its lines, its picture, and what it has
/// around them.
fn figure(attributes: &str, parts: &[String]) -> String {
    let inside = parts.join("\n");
    let shown = inside.split("<details").next().unwrap_or_default();
    let mut height = Height::code(shown.matches("<span class=\"line\">").count());
    let kind = ["answer", "compile-fail"]
        .into_iter()
        .find(|kind| attributes.contains(kind));
    height += Height::around(kind.unwrap_or("program"));
    for part in ["timeline", "key", "cuts"] {
        if inside.contains(&format!("class=\"{part}\"")) {
            height += Height::around(part);
        }
    }
    let picture = shown.split_once("class=\"picture\"");
    let picture = picture.and_then(|(_, svg)| svg.split("height=\"").nth(1)?.split('"').next());
    height += Height::pixels(
        picture
            .and_then(|height| height.parse().ok())
            .unwrap_or(0.0),
    );
    let style = height.style();
    format!("<figure {attributes} style=\"{style}\">\n{inside}\n</figure>\n")
}

fn run(name: &str) -> String {
    format!("cargo run --example {name}")
}

fn source(program: &Program, text: &str) -> String {
    let path = program.path.display();
    format!(
        "<figcaption><span class=\"file\">{path}</span></figcaption>\n\
         <pre class=\"listing\" tabindex=\"0\" role=\"group\" aria-label=\"{path}\"><code>{}</code></pre>",
        highlight::rust(text)
    )
}

fn command(command: &str) -> String {
    format!("<p class=\"command\"><code>{}</code></p>", escape(command))
}

fn printed(name: &str, program: &Program, mark: &str) -> String {
    text("output", &format!("What {name} prints"), program, mark)
}

/// What a program printed, with the mark that says which check holds it.
fn text(class: &str, label: &str, program: &Program, mark: &str) -> String {
    let output = program.output.as_deref().unwrap_or_default();
    let output = escape(output);
    format!(
        "<pre class=\"{class}\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><samp>{}</samp></pre>\n\
         <p class=\"held-by\">{mark}</p>",
        lines(output.lines())
    )
}
