//! A run in words, for tests to compare.

use recorder::Run;
use recording::What;

/// What happened, a line an event: when, to whom, what.
pub fn story(run: &Run) -> Vec<String> {
    let name = |of: usize| &run.futures[of].name;
    let line = |line: Option<usize>| line.map_or_else(String::new, |line| format!(" at {line}"));
    let events = run.events.iter().map(|event| {
        let what = match &event.what {
            What::Made => "made".to_owned(),
            What::Polled => "polled".to_owned(),
            What::Suspended { line: at, .. } => format!("suspended{}", line(*at)),
            What::Woken { by: Some(by) } => format!("woken by {}", name(*by)),
            What::Woken { by: None } => "woken".to_owned(),
            What::Done => "done".to_owned(),
            What::Dropped { line: at } => format!("dropped{}", line(*at)),
            What::Destructor { name } => format!("destructor of {name}"),
            What::Printed { text, .. } => format!("prints {text:?}"),
            What::Panicked => "panicked".to_owned(),
        };
        let of = event.of.map_or("nobody", |of| name(of));
        format!("{} {of} {what}", event.at)
    });
    events.collect()
}
