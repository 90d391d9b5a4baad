//! A telephone line is put back by its guard, whatever happens. The first call
//! is cut off. What does the second caller hear about?
//!
//! `cargo run --example line_put_back_too_early`

use std::sync::Mutex;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Duration, sleep, timeout};

/// Questions go out, answers come in.
pub type Line = (Sender<&'static str>, Receiver<&'static str>);

struct Call<'a>(&'a Mutex<Vec<Line>>, Option<Line>);

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().extend(self.1.take());
    }
}

/// Asks, and waits for the answer.
pub async fn ask(about: &'static str, lines: &Mutex<Vec<Line>>) -> Option<&'static str> {
    let line = lines.lock().unwrap().pop();
    let mut call = Call(lines, line);
    let (questions, answers) = call.1.as_mut()?;
    questions.send(about).await.ok()?;
    answers.recv().await
}

/// Answers one question after the other.
pub fn operator() -> Line {
    let (questions, mut asked) = channel(1);
    let (answer, answers) = channel(1);
    tokio::spawn(async move {
        while let Some(about) = asked.recv().await {
            sleep(Duration::from_millis(500)).await;
            let _ = answer.send(about).await;
        }
    });
    (questions, answers)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let lines = Mutex::new(vec![operator()]);

    let heard = timeout(Duration::from_millis(20), ask("rain", &lines)).await;
    println!("asked about rain, heard about {heard:?}");

    let heard = ask("trains", &lines).await;
    println!("asked about trains, heard about {heard:?}");
}
