//! Subjects that take from a queue or a stream and give on.

use std::pin::Pin;
use std::time::Duration;

use cancel_sweep::hold;
use futures::{Stream, StreamExt};
use recording::Cut;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Case, Left, listed};
use crate::programs;

pub(super) const CASES: &[Case] = &[
    Case {
        example: "relay_receives_then_sends",
        function: "relay",
        world: POST,
        invariant: LETTERS,
        record: receives_then_sends,
    },
    Case {
        example: "relay_reserves_then_receives",
        function: "relay",
        world: POST,
        invariant: LETTERS,
        record: reserves_then_receives,
    },
    Case {
        example: "token_inside_the_loop",
        function: "kitchen",
        world: KITCHEN,
        invariant: CLEAN,
        record: token_inside,
    },
    Case {
        example: "token_outside_the_loop",
        function: "kitchen",
        world: KITCHEN,
        invariant: CLEAN,
        record: token_outside,
    },
    Case {
        example: "weighed_next_loses_parcels",
        function: "next_weighed",
        world: "A belt that brings a parcel every 100 ms, four in all.",
        invariant: "Every parcel has been handed over, or comes yet.",
        record: weighed,
    },
];

const POST: &str = "An inbox into which two letters come after 5 ms, and a van with room for one letter that is full until 10 ms have passed.";
const LETTERS: &str = "Both letters are there: in the inbox, or in the van.";

struct Post {
    inbox: Receiver<&'static str>,
    van: Sender<&'static str>,
    driver: Receiver<&'static str>,
}

async fn post() -> Post {
    let ((letters, inbox), (van, driver)) = (channel(2), channel(1));
    let place = van.clone().reserve_owned().await.expect("the van is there");
    hold(place, Duration::from_millis(10));
    tokio::spawn(async move {
        sleep(Duration::from_millis(5)).await;
        for letter in ["a love letter", "a bill"] {
            letters.send(letter).await.expect("the inbox is there");
        }
    });
    Post { inbox, van, driver }
}

async fn letters(mut post: Post, _: &recorder::Run) -> Left {
    drop(post.van);
    let (mut inbox, mut van) = (Vec::new(), Vec::new());
    while let Some(letter) = post.inbox.recv().await {
        inbox.push(letter);
    }
    while let Some(letter) = post.driver.recv().await {
        van.push(letter);
    }
    let left = format!(
        "in the inbox: {}; in the van: {}",
        listed(&inbox),
        listed(&van)
    );
    (left, inbox.len() + van.len() == 2)
}

fn receives_then_sends(case: &Case) -> Vec<Cut> {
    use programs::relay_receives_then_sends::relay;
    let relay = async |post: &mut Post| relay(&mut post.inbox, &post.van).await;
    case.everywhere(post, relay, letters)
}

fn reserves_then_receives(case: &Case) -> Vec<Cut> {
    use programs::relay_reserves_then_receives::relay;
    let relay = async |post: &mut Post| relay(&mut post.inbox, &post.van).await;
    case.everywhere(post, relay, letters)
}

const KITCHEN: &str =
    "A kitchen that has an order for soup, and is told after 200 ms that it closes.";
const CLEAN: &str = "If anything was cooked, the kitchen is left clean.";

type Orders = Option<(Receiver<&'static str>, CancellationToken)>;

async fn orders() -> Orders {
    let (waiter, orders) = channel(2);
    let closing = CancellationToken::new();
    let close = closing.clone();
    tokio::spawn(async move {
        waiter.send("soup").await.expect("the kitchen takes orders");
        sleep(Duration::from_millis(200)).await;
        close.cancel();
        // Held until the kitchen is closed, so that it waits for more orders.
        waiter.closed().await;
    });
    Some((orders, closing))
}

async fn clean(_: Orders, run: &recorder::Run) -> Left {
    let printed = run.stdout();
    let lines: Vec<&str> = printed.lines().collect();
    let clean = lines
        .last()
        .is_none_or(|last| *last == "the kitchen is clean");
    (format!("heard from the kitchen: {}", listed(&lines)), clean)
}

fn token_inside(case: &Case) -> Vec<Cut> {
    use programs::token_inside_the_loop::kitchen;
    let kitchen = async |orders: &mut Orders| {
        let (orders, closing) = orders.take().expect("one kitchen a run");
        kitchen(orders, closing).await;
    };
    case.everywhere(orders, kitchen, clean)
}

fn token_outside(case: &Case) -> Vec<Cut> {
    use programs::token_outside_the_loop::kitchen;
    let kitchen = async |orders: &mut Orders| {
        let (orders, closing) = orders.take().expect("one kitchen a run");
        kitchen(orders, closing).await;
    };
    case.everywhere(orders, kitchen, clean)
}

type Belt = Pin<Box<dyn Stream<Item = u32>>>;

fn weighed(case: &Case) -> Vec<Cut> {
    use programs::weighed_next_loses_parcels::{belt, next_weighed};
    case.everywhere(
        async || (Box::pin(belt()) as Belt, Vec::new()),
        async |(belt, arrived)| arrived.extend(next_weighed(belt).await),
        async |(belt, arrived): (Belt, Vec<u32>), _| {
            let coming: Vec<u32> = belt.collect().await;
            let holds = arrived.iter().chain(&coming).eq(&[1, 2, 3, 4]);
            let named = |parcels: &[u32]| {
                let names: Vec<String> = parcels.iter().map(u32::to_string).collect();
                listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
            };
            let left = format!(
                "handed over: {}; still to come: {}",
                named(&arrived),
                named(&coming)
            );
            (left, holds)
        },
    )
}
