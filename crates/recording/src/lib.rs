//! What a recording says: every future of one run of an example, and what
//! happened to each, in order.
//!
//! `recorder` writes recordings to `tests/recordings/NAME.json`, its test holds
//! them to the byte, and the book draws them.

use serde::{Deserialize, Serialize};

/// The recording of one example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// The example's name.
    pub example: String,
    /// The whole program, from the first poll of `main` to its end.
    pub run: Run,
    /// The future whose cancellation is the lesson, cut at each of its points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// One run: who was there, and what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The futures, in the order in which they were made. Events name them by
    /// their index here.
    pub futures: Vec<Seen>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// A future that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What a reader calls it: `slow()`, `async block`, `shutdown.changed()`.
    pub name: String,
    /// What made it a future of its own.
    pub kind: Kind,
    /// The line that made it, from 1: the call, the block, the branch.
    pub line: usize,
    /// The future whose code made it; none for `main`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
}

/// What made a future one of its own, and so a lane of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The program's `main`, or what that blocks on.
    Main,
    /// Spawned: polled by the runtime, not by its parent.
    Task,
    /// A call of an `async fn`, or an `async` block.
    Body,
    /// A branch of `select!`.
    Branch,
    /// An argument of `join!` or `try_join!`.
    Joined,
    /// Given away to a function that polls it, such as `timeout`.
    Argument,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Milliseconds of virtual time since the start.
    pub at: u64,
    /// The future that it happened to, or whose code did it; none where no
    /// recorded future was running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// It was made and is inert until its first poll. Left out where the first
    /// poll follows at once.
    Made,
    /// A poll began: the first, or one after a suspension.
    Polled,
    /// The poll returned `Pending`.
    Suspended {
        /// The line of the `.await` or the macro at which it stands, if it
        /// stands in a listing's code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<usize>,
        /// What it waits for, as the listing says it: `sleep(a_while)`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<String>,
    },
    /// Its task was woken: it will be polled again.
    Woken {
        /// The future whose code woke it; none for a timer or another thread.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<usize>,
    },
    /// The poll returned `Ready`.
    Done,
    /// It was dropped before it was done. What follows until the next event
    /// of another kind than `Dropped`, `Destructor` and `Printed` is part of
    /// the drop; what it polled is dropped after it in this list.
    Dropped {
        /// The line at which it was suspended; none if it was never polled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<usize>,
    },
    /// A destructor that the listing defines began to run.
    Destructor {
        /// The type.
        name: String,
    },
    /// A line, or a part of one, was printed.
    Printed {
        /// The text, its line end included.
        text: String,
        /// The line of the `println!`.
        line: usize,
    },
    /// It panicked.
    Panicked,
}

/// A future and what is left of the world when it is cut at each point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The function: `write_message`.
    pub function: String,
    /// The world around it, in one sentence.
    pub world: String,
    /// What should be true afterwards, wherever it is cut, in one sentence.
    pub invariant: String,
    /// One run per point, in order: never polled, each suspension and what
    /// follows it, completed.
    pub cuts: Vec<Cut>,
}

/// A run in which the subject was dropped at one point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Where.
    #[serde(flatten)]
    pub point: Point,
    /// What is left, in words: `the peer has "HELL"`.
    pub left: String,
    /// Whether the invariant holds of that.
    pub holds: bool,
    /// What happened. The subject is among its futures.
    pub run: Run,
}

/// A cancellation point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "point", rename_all = "kebab-case")]
pub enum Point {
    /// Dropped before its first poll.
    NeverPolled,
    /// Dropped as soon as it had suspended.
    Suspended {
        /// The how manieth suspension, from 1.
        number: usize,
        /// The line, in the subject's own body, at which it was suspended.
        line: usize,
    },
    /// Dropped after it had suspended and was woken, before it was polled to
    /// hear of it. Recorded only where that leaves something else behind.
    Woken {
        /// The how manieth suspension, from 1.
        number: usize,
        /// The line, in the subject's own body, at which it was suspended.
        line: usize,
    },
    /// Not dropped: it ran to its end.
    Completed,
}

impl Recording {
    /// The recording of a file's text.
    ///
    /// # Errors
    /// When it is not the JSON of a recording; the error names line and column.
    pub fn from_json(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The recording as the text of a file: every future and every event on a
    /// line of its own, so that a change can be reviewed as a diff.
    pub fn to_json(&self) -> String {
        let Self {
            example,
            run,
            subject,
        } = self;
        let mut text = format!("{{\n\"example\": {},\n{}", json(example), run.to_json());
        if let Some(subject) = subject {
            let Subject {
                function,
                world,
                invariant,
                cuts,
            } = subject;
            text += &format!(
                ",\n\"subject\": {{\"function\": {},\n\"world\": {},\n\"invariant\": {},\n\"cuts\": [\n",
                json(function),
                json(world),
                json(invariant)
            );
            let cuts: Vec<String> = cuts.iter().map(Cut::to_json).collect();
            text += &format!("{}\n]}}", cuts.join(",\n"));
        }
        text + "\n}\n"
    }
}

impl Run {
    /// What was printed, by whomever.
    pub fn stdout(&self) -> String {
        let printed = self.events.iter().filter_map(|event| match &event.what {
            What::Printed { text, .. } => Some(text.as_str()),
            _ => None,
        });
        printed.collect()
    }

    fn to_json(&self) -> String {
        let futures: Vec<String> = self.futures.iter().map(json).collect();
        let events: Vec<String> = self.events.iter().map(json).collect();
        format!(
            "\"run\": {{\"futures\": [\n{}\n],\n\"events\": [\n{}\n]}}",
            futures.join(",\n"),
            events.join(",\n")
        )
    }
}

impl Cut {
    fn to_json(&self) -> String {
        let point = json(&self.point);
        let point = point.trim_end_matches('}');
        let left = json(&self.left);
        let Self { holds, run, .. } = self;
        format!(
            "{point},\"left\":{left},\"holds\":{holds},\n{}}}",
            run.to_json()
        )
    }
}

fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect("strings, numbers and structures are always JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written is read as the same, subject and all.
    #[test]
    fn a_recording_survives_its_file() {
        let run = Run {
            futures: vec![Seen {
                name: "main".into(),
                kind: Kind::Main,
                line: 3,
                parent: None,
            }],
            events: vec![
                Event {
                    at: 0,
                    of: Some(0),
                    what: What::Polled,
                },
                Event {
                    at: 0,
                    of: Some(0),
                    what: What::Suspended {
                        line: Some(4),
                        on: Some("sleep(\"{x}\")".into()),
                    },
                },
                Event {
                    at: 1000,
                    of: None,
                    what: What::Printed {
                        text: "done\n".into(),
                        line: 5,
                    },
                },
            ],
        };
        let cut = |point| Cut {
            point,
            left: "\"HELL\"".into(),
            holds: false,
            run: run.clone(),
        };
        let recording = Recording {
            example: "one".into(),
            run: run.clone(),
            subject: Some(Subject {
                function: "write".into(),
                world: "a pipe".into(),
                invariant: "whole or nothing".into(),
                cuts: vec![
                    cut(Point::NeverPolled),
                    cut(Point::Suspended { number: 1, line: 4 }),
                    cut(Point::Woken { number: 1, line: 4 }),
                    cut(Point::Completed),
                ],
            }),
        };
        let text = recording.to_json();
        assert_eq!(Recording::from_json(&text).unwrap(), recording, "{text}");
        assert_eq!(run.stdout(), "done\n");
    }
}
