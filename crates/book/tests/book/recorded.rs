//! A recording of the example `hello`, built up event by event.

use recording::{Cut, Event, Kind, Point, Recording, Run, Seen, Subject, What};

use crate::project::Project;

/// The first future of every recording.
pub const MAIN: usize = 0;

/// A run; made with `main` in it, and nothing that happened.
#[derive(Clone)]
pub struct Recorded {
    run: Run,
    at: u64,
    subject: Option<Subject>,
}

impl Recorded {
    pub fn new() -> Self {
        let run = Run::default();
        let (at, subject) = (0, None);
        Self { run, at, subject }.future("main", Kind::Main, 1, None)
    }

    /// Adds a future; events name it by its number.
    pub fn future(
        mut self,
        name: &str,
        kind: Kind,
        line: usize,
        parent: impl Into<Option<usize>>,
    ) -> Self {
        self.run.futures.push(Seen {
            name: name.to_owned(),
            kind,
            line,
            parent: parent.into(),
        });
        self
    }

    /// What follows happens at this millisecond.
    pub fn at(mut self, at: u64) -> Self {
        self.at = at;
        self
    }

    pub fn made(self, of: usize) -> Self {
        self.event(of, What::Made)
    }

    pub fn polled(self, of: usize) -> Self {
        self.event(of, What::Polled)
    }

    /// Suspended at a line on an expression; at no line if it is 0.
    pub fn suspended(self, of: usize, line: usize, on: &str) -> Self {
        let line = (line > 0).then_some(line);
        let on = (!on.is_empty()).then(|| on.to_owned());
        self.event(of, What::Suspended { line, on })
    }

    pub fn woken(self, of: usize, by: impl Into<Option<usize>>) -> Self {
        self.event(of, What::Woken { by: by.into() })
    }

    pub fn done(self, of: usize) -> Self {
        self.event(of, What::Done)
    }

    pub fn dropped(self, of: usize, line: impl Into<Option<usize>>) -> Self {
        self.event(of, What::Dropped { line: line.into() })
    }

    pub fn destructor(self, of: usize, name: &str) -> Self {
        let name = name.to_owned();
        self.event(of, What::Destructor { name })
    }

    pub fn printed(self, of: usize, line: usize, text: &str) -> Self {
        let text = text.to_owned();
        self.event(of, What::Printed { text, line })
    }

    pub fn panicked(self, of: usize) -> Self {
        self.event(of, What::Panicked)
    }

    /// The same, over and over.
    pub fn times(self, count: usize, turn: impl Fn(Self, usize) -> Self) -> Self {
        (0..count).fold(self, turn)
    }

    /// Adds a cut of a subject at a point, with another run.
    pub fn cut(mut self, point: Point, left: &str, holds: bool, run: Self) -> Self {
        let subject = self.subject.get_or_insert_with(|| Subject {
            function: "write".to_owned(),
            world: "A pipe that takes `four` bytes.".to_owned(),
            invariant: "The peer has all or <nothing>.".to_owned(),
            cuts: Vec::new(),
        });
        subject.cuts.push(Cut {
            point,
            left: left.to_owned(),
            holds,
            run: run.run,
        });
        self
    }

    /// The file of the recording.
    pub fn json(&self) -> String {
        let recording = Recording {
            example: "hello".to_owned(),
            run: self.run.clone(),
            subject: self.subject.clone(),
        };
        recording.to_json()
    }

    /// A book whose one example was recorded so.
    pub fn project(&self) -> Project {
        Project::new().file("tests/recordings/hello.json", &self.json())
    }

    /// The timeline on the page of such a book.
    pub fn block(&self) -> String {
        block(&self.project().built("page.html"))
    }

    fn event(mut self, of: usize, what: What) -> Self {
        self.run.events.push(Event {
            at: self.at,
            of: Some(of),
            what,
        });
        self
    }
}

/// The timeline in a page, cuts included.
pub fn block(page: &str) -> String {
    let start = page.find("<div class=\"timeline\"").expect("a timeline");
    let end = page[start..].find("</figure>").expect("its figure ends");
    page[start..start + end].to_owned()
}

/// The steps in a block or a page: their attributes and their sentences.
pub fn steps(block: &str) -> Vec<(String, String)> {
    let items = block.split("<li id=\"hello").skip(1);
    items
        .map(|item| {
            let (item, _) = item.split_once("</li>").expect("a whole step");
            let (attributes, sentence) = item.split_once('>').expect("its attributes end");
            let sentence = sentence.replace("<code>", "`").replace("</code>", "`");
            (attributes.to_owned(), sentence)
        })
        .collect()
}

/// The sentences of the steps, code in backticks.
pub fn sentences(block: &str) -> Vec<String> {
    steps(block).into_iter().map(|(_, said)| said).collect()
}

/// The value of an attribute of each step.
pub fn data(block: &str, name: &str) -> Vec<String> {
    let value = |attributes: &str| {
        let (_, rest) = attributes.split_once(&format!("{name}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    let steps = steps(block);
    let values = steps.iter().map(|(attributes, _)| value(attributes));
    values.collect::<Option<_>>().expect("every step has it")
}
