//! What Tokio wraps around a future: `LocalSet::run_until`, `LocalKey::scope`,
//! `unconstrained`, and its macros.

use std::time::Duration;

use cancel_sweep::{Cut, Sweep};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;
use tokio::task::coop::unconstrained;
use tokio::time::sleep;

use crate::row::{Docs, Row, Word};

const BUSY: Duration = Duration::from_millis(10);
const LONG: Duration = Duration::from_secs(60);

/// Letters that come one by one, and those that were read.
async fn post() -> (UnboundedReceiver<&'static str>, Vec<&'static str>) {
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(deliver(sender));
    (receiver, Vec::new())
}

async fn deliver(sender: UnboundedSender<&'static str>) {
    for letter in ["from anna", "from ben", "from cleo"] {
        sleep(BUSY).await;
        sender.send(letter).unwrap();
    }
}

/// Cancel-safe.
async fn one(post: &mut UnboundedReceiver<&'static str>) -> Vec<&'static str> {
    vec![post.recv().await.unwrap()]
}

/// Not cancel-safe: the first letter waits in the future for the second.
async fn two(post: &mut UnboundedReceiver<&'static str>) -> Vec<&'static str> {
    let first = post.recv().await.unwrap();
    vec![first, post.recv().await.unwrap_or("nobody")]
}

async fn all_read(
    (mut post, mut read): (UnboundedReceiver<&'static str>, Vec<&'static str>),
) -> Vec<&'static str> {
    while let Some(letter) = post.recv().await {
        read.push(letter);
    }
    read
}

/// The set outlives the call, and so do the tasks in it: here one delivers the
/// letters that the future within reads.
#[test]
fn local_set_run_until() {
    let row = Row {
        api: "tokio::task::LocalSet::run_until",
        page: "tokio/task/struct.LocalSet.html#method.run_until",
        verdict: Word::SafeIf("if the future within is"),
        left: "The local tasks stayed in the set and stood still until the next call; the future within was dropped.",
        docs: Docs::Says("This method is cancel safe when `future` is cancel safe."),
        source: "tokio/src/task/local.rs",
        instead: "Pin the future outside and pass it by reference: `run_until(&mut future)`.",
        suspensions: 1,
    };
    let build = async || {
        let set = LocalSet::new();
        let (sender, receiver) = unbounded_channel();
        set.spawn_local(deliver(sender));
        (set, (receiver, Vec::new()))
    };
    let outcome = async |(set, post): (LocalSet, _)| set.run_until(all_read(post)).await;
    let safe = Sweep::new().recreate(
        build,
        async |(set, (post, read))| *read = set.run_until(one(post)).await,
        outcome,
    );
    let unsafe_within = Sweep::new().recreate(
        build,
        async |(set, (post, read))| *read = set.run_until(two(post)).await,
        outcome,
    );
    row.holds_if(&safe, &unsafe_within);

    let stands_still = Sweep::new().only([Cut::Suspended(1)]).check(
        build,
        async |(set, (post, read))| *read = set.run_until(one(post)).await,
        async |(_set, (post, _)), _| {
            sleep(LONG).await;
            match post.len() {
                0 => Ok(()),
                letters => Err(format!("{letters} delivered")),
            }
        },
    );
    stands_still.assert_safe();
}

tokio::task_local! {
    static READER: &'static str;
}

/// The value is the future's for as long as it lives.
#[test]
fn local_key_scope() {
    let row = Row {
        api: "tokio::task::LocalKey::scope",
        page: "tokio/task/struct.LocalKey.html#method.scope",
        verdict: Word::SafeIf("if the future within is"),
        left: "The value and the future within were dropped together; nothing of them stayed set in the task.",
        docs: Docs::Silent,
        source: "tokio/src/task/task_local.rs",
        instead: "Pin the future outside and pass it by reference: `scope(value, &mut future)`.",
        suspensions: 1,
    };
    let safe = Sweep::new().recreate(
        post,
        async |(post, read)| *read = READER.scope("dora", one(post)).await,
        async |left| {
            assert!(READER.try_get().is_err());
            all_read(left).await
        },
    );
    let unsafe_within = Sweep::new().recreate(
        post,
        async |(post, read)| *read = READER.scope("dora", two(post)).await,
        all_read,
    );
    row.holds_if(&safe, &unsafe_within);
}

/// Without a budget it suspends only where the future within has to wait.
#[test]
fn unconstrained_future() {
    let row = Row {
        api: "tokio::task::coop::unconstrained",
        page: "tokio/task/coop/fn.unconstrained.html",
        verdict: Word::SafeIf("if the future within is"),
        left: "The future within was dropped, with the letter it had already received if it waited for two.",
        docs: Docs::Silent,
        source: "tokio/src/task/coop/unconstrained.rs",
        instead: "Pin the future outside and pass it by reference: `unconstrained(&mut future)`.",
        suspensions: 1,
    };
    let safe = Sweep::new().recreate(
        post,
        async |(post, read)| *read = unconstrained(one(post)).await,
        all_read,
    );
    let unsafe_within = Sweep::new().recreate(
        post,
        async |(post, read)| *read = unconstrained(two(post)).await,
        all_read,
    );
    row.holds_if(&safe, &unsafe_within);
}

/// Dropped, a `select!` drops all its branches, as it drops the losers when
/// one has won.
#[test]
fn select() {
    let row = Row {
        api: "tokio::select!",
        page: "tokio/macro.select.html",
        verdict: Word::SafeIf("if the futures of all branches are"),
        left: "The futures of all branches were dropped, with the letter that one had received and not yet returned.",
        docs: Docs::Says("depends on the behavior of the future passed to `select!`"),
        source: "tokio/src/macros/select.rs",
        instead: "In each branch either a call that is cancel-safe, or `&mut` of a future that is pinned outside the loop.",
        suspensions: 1,
    };
    let build = async || (post().await, empty_box());
    let outcome = async |(post, _)| all_read(post).await;
    let safe = Sweep::new().cuts(2).recreate(
        build,
        async |((post, read), other)| {
            tokio::select! {
                letters = one(post) => *read = letters,
                letters = one(other) => *read = letters,
            }
        },
        outcome,
    );
    let unsafe_branch = Sweep::new().recreate(
        build,
        async |((post, read), other)| {
            tokio::select! {
                letters = two(post) => *read = letters,
                letters = one(other) => *read = letters,
            }
        },
        outcome,
    );
    row.holds_if(&safe, &unsafe_branch);
}

/// A letter box that nobody empties or fills: a branch that never wins.
fn empty_box() -> UnboundedReceiver<&'static str> {
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(async move { sender.closed().await });
    receiver
}

/// Two posts, the second later than the first, and what was read of both.
async fn two_posts() -> [(UnboundedReceiver<&'static str>, Vec<&'static str>); 2] {
    let first = post().await;
    sleep(BUSY / 2).await;
    [first, post().await]
}

async fn all_of_both(
    [first, second]: [(UnboundedReceiver<&'static str>, Vec<&'static str>); 2],
) -> Vec<&'static str> {
    [all_read(first).await, all_read(second).await].concat()
}

/// One half has its letter and waits in the `join!` for the other half.
#[test]
fn join() {
    let row = Row {
        api: "tokio::join!",
        page: "tokio/macro.join.html",
        verdict: Word::LosesData,
        left: "The result of the half that had finished was dropped with the other half.",
        docs: Docs::Silent,
        source: "tokio/src/macros/join.rs",
        instead: "Let each half put its result where it outlives the `join!`, and check there before it is made anew; or a [`JoinSet`](#tokio-task-joinset-join-next).",
        suspensions: 2,
    };
    let report = Sweep::new().recreate(
        two_posts,
        async |[(first, read), (second, also_read)]| {
            (*read, *also_read) = tokio::join!(one(first), one(second));
        },
        all_of_both,
    );
    row.holds(&report);
}

/// As `join!`: here both halves are well, and it is cut from outside.
#[test]
fn try_join() {
    let row = Row {
        api: "tokio::try_join!",
        page: "tokio/macro.try_join.html",
        verdict: Word::LosesData,
        left: "The result of the half that had finished was dropped with the other half.",
        docs: Docs::Silent,
        source: "tokio/src/macros/try_join.rs",
        instead: "Let each half put its result where it outlives the `try_join!`, and check there before it is made anew; or a [`JoinSet`](#tokio-task-joinset-join-next).",
        suspensions: 2,
    };
    let report = Sweep::new().recreate(
        two_posts,
        async |[(first, read), (second, also_read)]| {
            let first = async { Ok::<_, ()>(one(first).await) };
            let second = async { Ok(one(second).await) };
            (*read, *also_read) = tokio::try_join!(first, second).unwrap();
        },
        all_of_both,
    );
    row.holds(&report);
}
