//! Subjects that their own listing sweeps. The world is the one that the
//! listing builds, and what is left is told as its report tells it.

use cancel_sweep::Cut as At;
use futures::FutureExt;
use recorder::Run;
use recording::{Cut, What};

use super::{Case, Left, listed};
use crate::programs;

pub(super) const CASES: &[Case] = &[
    Case {
        example: "order_torn_and_order_resumed",
        function: "two_writes",
        world: "A line to the kitchen that takes nine bytes at a time.",
        invariant: "Tried again, the order has reached the kitchen once.",
        record: two_writes,
    },
    Case {
        example: "trunk_lost_between_belt_and_cart",
        function: "takes_then_loads",
        world: "A belt on which a trunk and a hatbox come after 5 ms, and a cart that is full until 10 ms have passed.",
        invariant: "Tried again, no piece is missing.",
        record: trunk,
    },
    Case {
        example: "second_cut_hits_the_repair",
        function: "takes_it_off_the_tray",
        world: "A hall whose waiter has been interrupted once already: the soup is on his tray.",
        invariant: "Tried again, the soup has been served.",
        record: second_cut,
    },
    Case {
        example: "last_in_line_after_a_cut",
        function: "queue",
        world: "A counter that is busy for 10 ms, and somebody who gets up when you do.",
        invariant: "Tried again, you are served first.",
        record: last_in_line,
    },
    Case {
        example: "money_is_nowhere_for_an_await",
        function: "changes_as_it_goes",
        world: BANK,
        invariant: SUM,
        record: money,
    },
    Case {
        example: "one_point_runs_alone",
        function: "transfer",
        world: BANK,
        invariant: SUM,
        record: one_point,
    },
    Case {
        example: "sum_is_right_and_receipt_is_missing",
        function: "transfer",
        world: BANK,
        invariant: "What has arrived has a receipt.",
        record: receipt,
    },
    Case {
        example: "key_missing_from_its_hook",
        function: "takes_and_brings_back",
        world: "A hook with the one key on it.",
        invariant: "The key hangs on the hook.",
        record: key,
    },
    Case {
        example: "desk_handed_over_and_forgotten",
        function: "visit",
        world: OFFICE,
        invariant: CALLED,
        record: desk_forgotten,
    },
    Case {
        example: "desk_comes_back_by_itself",
        function: "visit",
        world: OFFICE,
        invariant: CALLED,
        record: desk_comes_back,
    },
];

fn two_writes(case: &Case) -> Vec<Cut> {
    use programs::order_torn_and_order_resumed::{received, two_writes, world};
    case.tried_again(world, two_writes, async |world| {
        let received = received(world).await;
        let received: Vec<&str> = received.iter().map(String::as_str).collect();
        let left = format!("the kitchen has {}", listed(&received));
        (left, received == ["table 7", "two soups"])
    })
}

fn trunk(case: &Case) -> Vec<Cut> {
    use programs::trunk_lost_between_belt_and_cart::{luggage, station, takes_then_loads};
    case.tried_again(station, takes_then_loads, async |station| {
        let luggage = luggage(station).await;
        let left = format!("the luggage is {}", listed(&luggage));
        (left, luggage == ["trunk", "hatbox"])
    })
}

fn second_cut(case: &Case) -> Vec<Cut> {
    use programs::second_cut_hits_the_repair::{hall, served, takes_it_off_the_tray};
    case.tried_again(
        async || {
            let mut hall = hall().await;
            let interrupted = takes_it_off_the_tray(&mut hall).now_or_never();
            assert!(interrupted.is_none(), "he is on his way");
            hall
        },
        takes_it_off_the_tray,
        async |hall| {
            let served = served(hall).await;
            let left = format!("served: {}", listed(&served));
            (left, served == ["soup"])
        },
    )
}

fn last_in_line(case: &Case) -> Vec<Cut> {
    use programs::last_in_line_after_a_cut::{busy_counter, queue, served};
    case.tried_again(busy_counter, queue, async |counter| {
        let served = served(counter).await;
        let left = format!("served in this order: {}", listed(&served));
        (left, served == ["you", "the other one"])
    })
}

const BANK: &str = "Alice has 100 and Bob has nothing.";
const SUM: &str = "Together they have 100.";

fn sum(alice: u32, bob: u32) -> Left {
    let left = format!("Alice has {alice} and Bob has {bob}");
    (left, alice + bob == 100)
}

fn money(case: &Case) -> Vec<Cut> {
    use programs::money_is_nowhere_for_an_await::{bank, changes_as_it_goes};
    case.everywhere(bank, changes_as_it_goes, async |bank, _| {
        sum(bank.alice, bank.bob)
    })
}

fn one_point(case: &Case) -> Vec<Cut> {
    use programs::one_point_runs_alone::{Bank, transfer};
    let bank = async || Bank { alice: 100, bob: 0 };
    case.everywhere(bank, transfer, async |bank, _| sum(bank.alice, bank.bob))
}

fn receipt(case: &Case) -> Vec<Cut> {
    use programs::sum_is_right_and_receipt_is_missing::{bank, transfer};
    case.everywhere(bank, transfer, async |bank, _| {
        let left = format!("{} arrived, {} receipted", bank.bob, bank.receipts);
        (left, bank.receipts == bank.bob)
    })
}

fn key(case: &Case) -> Vec<Cut> {
    use programs::key_missing_from_its_hook::{hook, takes_and_brings_back};
    let look =
        async |hook: programs::key_missing_from_its_hook::Hook, _: &Run| match hook.into_inner() {
            Some(key) => (format!("on the hook: {key}"), true),
            None => ("the hook is empty".to_owned(), false),
        };
    case.everywhere(hook, takes_and_brings_back, look)
}

const OFFICE: &str =
    "An office with one desk, and a clerk who calls one visitor after the other to it.";
const CALLED: &str = "The next visitor is called.";

/// The listings ask the same wherever the cut was.
const ANYWHERE: At = At::NeverPolled;

fn called(next: Result<(), &str>, run: &Run) -> Left {
    // Whoever has the desk leaves it in its destructor.
    let left = |event: &recording::Event| matches!(event.what, What::Destructor { .. });
    let desk = match run.events.iter().any(left) {
        true => "the desk has been left, and ",
        false => "",
    };
    let (next, holds) = match next {
        Ok(()) => ("the next visitor is called", true),
        Err(why) => (why, false),
    };
    (format!("{desk}{next}"), holds)
}

fn desk_forgotten(case: &Case) -> Vec<Cut> {
    use programs::desk_handed_over_and_forgotten::{next_visit, office, visit};
    case.everywhere(office, visit, async |office, run| {
        called(next_visit(office, ANYWHERE).await, run)
    })
}

fn desk_comes_back(case: &Case) -> Vec<Cut> {
    use programs::desk_comes_back_by_itself::{next_visit, office, visit};
    case.everywhere(office, visit, async |office, run| {
        called(next_visit(office, ANYWHERE).await, run)
    })
}
