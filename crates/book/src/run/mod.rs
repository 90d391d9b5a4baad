//! Run: compiles and runs a program of the book, edited or not, on the reader's
//! own machine, and tells the page what happens while it happens.
//!
//! # The protocol
//!
//! It is for the served book's own pages and nobody else; a static site has no
//! server to ask.
//!
//! ## `GET /run/status`
//!
//! Whether there is Run here, and the secret that a page needs for it. It reads
//! and does nothing. 404 when the server was started with `--no-run` or serves
//! others than this machine: then a page offers what a static one does.
//!
//! ```json
//! {"state": "preparing", "compiled": 12, "token": "4f…", "limits": {…}}
//! {"state": "ready", "token": "4f…", "limits": {…}}
//! {"state": "broken", "message": "why, and what to do", "token": "4f…", "limits": {…}}
//! ```
//!
//! `preparing`: the crates that programs use are being compiled; a run that is
//! asked for waits for them. `broken`: they do not compile; the next run tries
//! again. `limits` is
//! `{"run_seconds", "compile_seconds", "source_bytes", "output_bytes", "memory_bytes", "processes"}`.
//!
//! ## `POST /run/NAME`
//!
//! Runs `examples/NAME.rs`, or `source` in its place. Three headers are
//! demanded: `Content-Type: application/json`, `Run-Token` with the secret, and
//! the `Origin` that browsers send by themselves.
//!
//! ```json
//! {"page": "0b2f…", "source": null}
//! ```
//!
//! `page` is what the page drew at random when it was loaded: 8 to 64 of
//! `[A-Za-z0-9-]`. A page runs one program at a time: a new run takes the place of
//! the one before. `source` is the whole program, at most 64 KiB, or `null` for the
//! file as it is. Lines in messages are lines of what was sent.
//!
//! What is refused is answered with 4xx and a sentence as plain text: 400 (the
//! body), 403 (token or origin), 404 (no such program), 405, 413 (too long),
//! 415 (not JSON), 421 (another host's name).
//!
//! What is accepted is answered with 200 and `application/x-ndjson`: one event a
//! line, each written when it happens. Closing the response is Stop: the compiler
//! and the program, with everything they started, are gone before the next run
//! begins.
//!
//! | `event` | further members | |
//! |---|---|---|
//! | `preparing` | `compiled` | the crates are still being compiled, so many so far; may come again |
//! | `queued` | `ahead` | so many runs have to end first; again when that changes |
//! | `compiling` | | |
//! | `diagnostic` | `level`, `message`, `rendered`, `spans` | as rustc gives it, before or instead of `started`. `level` is `error`, `warning`, …; `rendered` has the colours as ANSI sequences; each span of the program has `line`, `column`, `end_line`, `end_column` (from 1, columns in characters, the end exclusive), `primary`, and `label` (a text or null) |
//! | `started` | | the clock of `ms` starts here |
//! | `stdout`, `stderr` | `text`, `ms` | what arrived at once: a part of a line, or several |
//!
//! The last event says how it ended; a response without one was cut off, because the
//! server is gone.
//!
//! | `event` | further members | |
//! |---|---|---|
//! | `exited` | `code`, `ms`, `as_recorded` | by itself. `as_recorded`: status 0, and stdout is what the book's test asserts, to the byte |
//! | `killed` | `signal`, `message`, `ms` | by a signal that was not ours: an abort, a fault |
//! | `limited` | `limit`, `message`, `ms` | by us, at one of the limits: `time`, `output`, `memory`, `processes`. `ms` is null when it was the compiler |
//! | `rejected` | `message` | it does not compile; the diagnostics say why |
//! | `replaced` | `message` | the same page asked for another run |
//! | `failed` | `message` | the machine's fault, not the program's: what went wrong, and what to do |
//! | `stopped` | `message` | the server ends |
//!
//! `message` is a sentence or two to show as they are.
