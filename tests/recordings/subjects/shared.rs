//! Subjects that change something they share, or clean up after themselves.

use std::sync::Arc;
use std::time::Duration;

use cancel_sweep::hold;
use recording::Cut;
use tokio::sync::Mutex;

use super::{Case, listed};
use crate::programs;

pub(super) const CASES: &[Case] = &[
    Case {
        example: "transfer_changes_as_it_goes",
        function: "transfer",
        world: ACCOUNTS,
        invariant: SUM,
        record: changes_as_it_goes,
    },
    Case {
        example: "transfer_waits_then_changes",
        function: "transfer",
        world: ACCOUNTS,
        invariant: SUM,
        record: waits_then_changes,
    },
    Case {
        example: "board_taken_down_and_lost",
        function: "add",
        world: "A wall with the board on it, and somebody who is reading it for 10 ms.",
        invariant: "The board hangs on the wall.",
        record: board,
    },
    Case {
        example: "boat_put_back_by_a_guard",
        function: "trip",
        world: "A jetty with two boats.",
        invariant: "Two boats lie at the jetty.",
        record: boats,
    },
    Case {
        example: "guard_runs_however_you_cancel",
        function: "task",
        world: "Nobody and nothing but the task.",
        invariant: "What has begun has been cleaned up.",
        record: guard,
    },
    Case {
        example: "drops_innermost_first",
        function: "ship",
        world: "A ship that has come with its anchor.",
        invariant: "Whatever there was has been dropped.",
        record: ship,
    },
];

const ACCOUNTS: &str = "Alice has 100 and Bob has nothing. Somebody is busy with her account for 10 ms, and with his for 20 ms.";
const SUM: &str = "Together they have 100.";

type Account = Arc<Mutex<u32>>;

async fn accounts() -> (Account, Account) {
    let (alice, bob) = (Account::new(Mutex::new(100)), Account::new(Mutex::new(0)));
    for (account, busy) in [(&alice, 10), (&bob, 20)] {
        let locked = Arc::clone(account).lock_owned().await;
        hold(locked, Duration::from_millis(busy));
    }
    (alice, bob)
}

async fn sum((alice, bob): (Account, Account), _: &recorder::Run) -> super::Left {
    let (alice, bob) = (*alice.lock().await, *bob.lock().await);
    (
        format!("Alice has {alice} and Bob has {bob}"),
        alice + bob == 100,
    )
}

fn changes_as_it_goes(case: &Case) -> Vec<Cut> {
    use programs::transfer_changes_as_it_goes::transfer;
    let transfer = async |(alice, bob): &mut (Account, Account)| transfer(50, alice, bob).await;
    case.everywhere(accounts, transfer, sum)
}

fn waits_then_changes(case: &Case) -> Vec<Cut> {
    use programs::transfer_waits_then_changes::transfer;
    let transfer = async |(alice, bob): &mut (Account, Account)| transfer(50, alice, bob).await;
    case.everywhere(accounts, transfer, sum)
}

fn board(case: &Case) -> Vec<Cut> {
    use programs::board_taken_down_and_lost::add;
    case.everywhere(
        async || {
            let wall = Arc::new(Mutex::new(Some(vec!["bread"])));
            let reader = Arc::clone(&wall).lock_owned().await;
            hold(reader, Duration::from_millis(10));
            wall
        },
        async |wall| add("soup", wall).await,
        async |wall, _| match &*wall.lock().await {
            Some(board) => (format!("on the wall: {}", listed(board)), true),
            None => ("the wall is empty".to_owned(), false),
        },
    )
}

fn boats(case: &Case) -> Vec<Cut> {
    use programs::boat_put_back_by_a_guard::{Boat, trip};
    case.everywhere(
        async || std::sync::Mutex::new(vec![Boat, Boat]),
        async |jetty| trip(jetty).await,
        async |jetty, _| {
            let boats = jetty.into_inner().unwrap().len();
            (format!("boats at the jetty: {boats}"), boats == 2)
        },
    )
}

fn guard(case: &Case) -> Vec<Cut> {
    use programs::guard_runs_however_you_cancel::task;
    case.everywhere(
        async || (),
        async |()| task().await,
        async |(), run| match &*run.stdout() {
            "cleaning up\n" => ("it has been cleaned up".to_owned(), true),
            "" => {
                let began = run
                    .events
                    .iter()
                    .any(|event| event.what == recording::What::Polled);
                (
                    "nothing was begun, and nothing cleaned up".to_owned(),
                    !began,
                )
            }
            printed => (format!("it printed {printed:?}"), false),
        },
    )
}

fn ship(case: &Case) -> Vec<Cut> {
    use programs::drops_innermost_first::{Named, ship};
    case.everywhere(
        async || Some(Named("the anchor")),
        async |anchor| ship(anchor.take().expect("one ship a run")).await,
        async |anchor, run| {
            let dropped = run.stdout().replace("drop ", "");
            let dropped: Vec<&str> = dropped.lines().collect();
            let holds = anchor.is_some() == dropped.is_empty();
            (
                format!("dropped, in this order: {}", listed(&dropped)),
                holds,
            )
        },
    )
}
