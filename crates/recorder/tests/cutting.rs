//! Where `cut` drops a subject, and what it notes down of the world around it.
//! The calls that the rewriting inserts stand here by hand.

mod story;

use std::future::{pending, ready};
use std::sync::{Mutex, PoisonError};

use recorder::{Kind, Stop, at, enter, lane};
use story::story;
use tokio::sync::oneshot;

/// There is one notebook per process, so only one test at a time writes.
static NOTEBOOK: Mutex<()> = Mutex::new(());

/// Cuts a subject that waits for a neighbour, and answers its story. The
/// neighbour was made before the recording began.
fn cut(stop: Stop) -> (Vec<String>, Vec<Kind>) {
    let _alone = NOTEBOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let cut = recorder::cut(
        "subject",
        1,
        stop,
        async || {
            let (send, receive) = oneshot::channel();
            tokio::spawn(lane(Kind::Task, "neighbour", 9, async move {
                let _frame = enter("neighbour", 9);
                send.send(()).unwrap();
                at(10, "nothing", pending::<()>()).await;
            }));
            Some(receive)
        },
        async |receive| {
            let _frame = enter("subject", 1);
            at(2, "the neighbour", receive.take().unwrap())
                .await
                .unwrap();
        },
        async |_, _| ready(()).await,
    );
    let kinds = cut.run.futures.iter().map(|seen| seen.kind).collect();
    (story(&cut.run), kinds)
}

/// A subject is dropped where it was asked to be: before its first poll, when
/// it has suspended, or when it was woken and not yet polled.
#[test]
fn a_subject_is_cut_at_each_kind_of_point() {
    let never = ["0 subject made", "0 subject dropped"];
    assert_eq!(cut(Stop::NeverPolled).0, never);
    let suspended = [
        "0 subject polled",
        "0 subject suspended at 2",
        "0 subject dropped at 2",
    ];
    assert_eq!(cut(Stop::Suspended(1)).0, suspended);
    let woken = [
        "0 subject polled",
        "0 subject suspended at 2",
        "0 neighbour polled",
        "0 subject woken by neighbour",
        "0 neighbour suspended at 10",
        "0 subject dropped at 2",
    ];
    assert_eq!(cut(Stop::Woken(1)).0, woken);
    let (completed, _) = cut(Stop::Suspended(2));
    assert_eq!(completed[..5], woken[..5]);
    assert_eq!(completed[5..], ["0 subject polled", "0 subject done"]);
}

/// What the world spawned before the recording began is seen as the task that
/// it is, once it is polled.
#[test]
fn what_was_there_before_keeps_its_kind() {
    assert_eq!(cut(Stop::Woken(1)).1, [Kind::Main, Kind::Task]);
}
