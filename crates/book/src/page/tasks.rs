//! A worksheet: programs to work on with a pencil, and their answers. The
//! program's first comment is left out, for it says what to look for; the
//! numbers of the lines are those of the whole.

use recording::{Cut, Point, Recording, Subject};

use super::highlight;
use super::html::{escape, lines, with_code};
use super::scan::{Page, Target};
use crate::inventory::Program;

/// The programs that a page gives as tasks, in order.
pub(super) fn of(page: &Page) -> impl Iterator<Item = &str> {
    page.pointers
        .iter()
        .filter_map(|pointer| match &pointer.target {
            Target::Task(name) => Some(name.as_str()),
            _ => None,
        })
}

/// One task: the listing, and room for what it prints and for what is left at
/// each point.
pub(super) fn task(number: usize, program: &Program, recording: &Recording) -> String {
    let Some(subject) = &recording.subject else {
        return String::new();
    };
    let points = Points { program, subject };
    let rows: String = subject
        .cuts
        .iter()
        .map(|cut| format!("<tr>{}<td></td><td></td></tr>\n", points.head(cut)))
        .collect();
    let printed = program.output.as_deref().unwrap_or_default();
    // One line more than it takes, not to say how many.
    let room = "<br>".repeat(printed.lines().count() + 1);
    format!(
        "## Task {number}\n\n<div class=\"task\">\n{listing}\n<div>\n\
         <p>What does it print?</p>\n<p class=\"room\">{room}</p>\n\
         <p>What is left if <code>{function}</code> is dropped here?</p>\n\
         <p class=\"world\">{world} <strong>What should hold:</strong> {invariant}</p>\n\
         {table}{rows}</tbody>\n</table>\n</div>\n</div>\n",
        listing = points.listing(),
        function = escape(&subject.function),
        world = sentence(&subject.world),
        invariant = sentence(&subject.invariant),
        table = HEAD,
    )
}

/// The answer to a task; `marks` say which checks hold it.
pub(super) fn answer(
    number: usize,
    program: &Program,
    recording: &Recording,
    marks: &[String],
) -> String {
    let Some(subject) = &recording.subject else {
        return String::new();
    };
    let points = Points { program, subject };
    let rows = subject.cuts.iter().map(|cut| {
        let (class, holds) = match cut.holds {
            true => ("holds", "yes"),
            false => ("broken", "no"),
        };
        let (head, left) = (points.head(cut), sentence(&cut.left));
        format!("<tr class=\"{class}\">{head}<td>{left}</td><td>{holds}</td></tr>\n")
    });
    let rows: String = rows.collect();
    let printed = escape(program.output.as_deref().unwrap_or_default());
    format!(
        "### Answer {number}\n\n<div class=\"task-answer\">\n\
         <p><code>{path}</code> prints this, and leaves that of <code>{function}</code>. {marks}</p>\n\
         <pre class=\"output\" tabindex=\"0\" role=\"group\" aria-label=\"What the program of task {number} prints\"><samp>{printed}</samp></pre>\n\
         {table}{rows}</tbody>\n</table>\n</div>\n\n",
        path = program.path.display(),
        function = escape(&subject.function),
        marks = marks.concat(),
        printed = lines(printed.lines()),
        table = HEAD,
    )
}

const HEAD: &str = "<table class=\"points\">\n<thead><tr><th scope=\"col\">Dropped</th>\
    <th scope=\"col\">What is left</th><th scope=\"col\">Holds?</th></tr></thead>\n<tbody>\n";

/// A sentence of the recorder's, with code in backticks, on one line.
fn sentence(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    with_code(&words.join(" "), escape)
}

struct Points<'a> {
    program: &'a Program,
    subject: &'a Subject,
}

impl Points<'_> {
    /// The cell that says where a cut is.
    fn head(&self, cut: &Cut) -> String {
        let words = match cut.point {
            Point::NeverPolled => "before its first poll".to_owned(),
            Point::Suspended { line, .. } => match self.which(cut, line) {
                Some(which) => format!("in line {}, {which}", self.program.listing_line(line)),
                None => format!("in line {}", self.program.listing_line(line)),
            },
            Point::Woken { line, .. } => {
                format!("in line {}, woken", self.program.listing_line(line))
            }
            Point::Completed => "not at all".to_owned(),
        };
        format!("<th scope=\"row\">{words}</th>")
    }

    /// Which of its suspensions in this line a cut is at, if there are several.
    fn which(&self, cut: &Cut, line: usize) -> Option<String> {
        let here =
            |other: &&Cut| matches!(other.point, Point::Suspended { line: l, .. } if l == line);
        let here: Vec<&Cut> = self.subject.cuts.iter().filter(here).collect();
        let place = here.iter().position(|other| other.point == cut.point)?;
        let ordinals = ["first", "second", "third"];
        let word = ordinals.get(place).copied().unwrap_or("later");
        (here.len() > 1).then(|| word.to_owned())
    }

    /// The program without its first comment, with the numbers of its lines.
    fn listing(&self) -> String {
        let listing = self.program.listing();
        let is_head = |line: &&str| line.starts_with("//!") || line.is_empty();
        let head = listing.lines().take_while(is_head).count();
        let body: String = listing
            .lines()
            .skip(head)
            .flat_map(|line| [line, "\n"])
            .collect();
        let code = highlight::rust(&body);
        let numbered = code.lines().zip(head + 1..).map(|(line, number)| {
            line.replacen(
                "<span class=\"line\">",
                &format!("<span class=\"line\" data-line=\"{number}\">"),
                1,
            ) + "\n"
        });
        let numbered: String = numbered.collect();
        format!(
            "<pre class=\"listing\" tabindex=\"0\" role=\"group\" aria-label=\"The program\"><code>{numbered}</code></pre>"
        )
    }
}
