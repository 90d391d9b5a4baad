//! Subjects that write to a peer, or read from one.

use recording::Cut;
use tokio::io::{AsyncReadExt, DuplexStream, duplex};
use tokio::task::JoinHandle;

use super::{Case, Left};
use crate::programs;

const WORLD: &str =
    "A pipe in memory with room for four bytes, and a peer that reads whenever it has a turn.";
const WHOLE: &str = "The peer has the whole message, or nothing of it.";

pub(super) const CASES: &[Case] = &[
    Case {
        example: "drop_at_every_suspension",
        function: "write_two_steps",
        world: WORLD,
        invariant: WHOLE,
        record: two_writes,
    },
    Case {
        example: "write_all_starts_over",
        function: "write_message",
        world: WORLD,
        invariant: WHOLE,
        record: one_write,
    },
    Case {
        example: "write_all_buf_goes_on",
        function: "write_rest",
        world: WORLD,
        invariant: "What the peer has, and what is left in the buffer, together are the message.",
        record: rest,
    },
    Case {
        example: "bare_loop_tears_an_order",
        function: "order",
        world: "A pipe in memory with room for nine bytes, and a kitchen that reads whenever it has a turn.",
        invariant: "The kitchen has the whole order, or nothing of it.",
        record: order,
    },
    Case {
        example: "reading_begins_in_the_middle",
        function: "read",
        world: "A sensor that has sent the readings 17 and 19, on a line that lets one byte through at a time.",
        invariant: "What is read next is a reading that the sensor sent.",
        record: reading_in_the_middle,
    },
    Case {
        example: "reading_keeps_its_beginning",
        function: "read",
        world: "A sensor that has sent the readings 17 and 19, on a line that lets one byte through at a time.",
        invariant: "What is read next is a reading that the sensor sent.",
        record: reading_from_the_beginning,
    },
];

/// One end of a pipe, and what arrives at the other.
struct Pipe {
    socket: DuplexStream,
    received: JoinHandle<String>,
}

async fn pipe() -> Pipe {
    pipe_with_room_for(4)
}

fn pipe_with_room_for(bytes: usize) -> Pipe {
    let (socket, mut peer) = duplex(bytes);
    let received = tokio::spawn(async move {
        let mut received = String::new();
        let read = peer.read_to_string(&mut received).await;
        read.expect("the message is text");
        received
    });
    Pipe { socket, received }
}

impl Pipe {
    async fn received(self) -> String {
        drop(self.socket);
        self.received.await.expect("the peer does not panic")
    }
}

async fn whole_or_nothing(pipe: Pipe, _: &recorder::Run) -> Left {
    let received = pipe.received().await;
    let holds = ["", "HELLOWORLD"].contains(&&*received);
    (format!("the peer has {received:?}"), holds)
}

fn two_writes(case: &Case) -> Vec<Cut> {
    use programs::drop_at_every_suspension::write_two_steps;
    let write = async |pipe: &mut Pipe| write_two_steps(&mut pipe.socket).await.unwrap();
    case.everywhere(pipe, write, whole_or_nothing)
}

fn one_write(case: &Case) -> Vec<Cut> {
    use programs::write_all_starts_over::write_message;
    let write = async |pipe: &mut Pipe| write_message(&mut pipe.socket).await.unwrap();
    case.everywhere(pipe, write, whole_or_nothing)
}

fn rest(case: &Case) -> Vec<Cut> {
    use programs::write_all_buf_goes_on::write_rest;
    case.everywhere(
        async || (pipe().await, &b"HELLOWORLD"[..]),
        async |(pipe, rest)| write_rest(&mut pipe.socket, rest).await.unwrap(),
        async |(pipe, rest), _| {
            let (received, rest) = (pipe.received().await, rest.escape_ascii().to_string());
            let holds = received.clone() + &rest == "HELLOWORLD";
            (
                format!("the peer has {received:?}, and {rest:?} is left"),
                holds,
            )
        },
    )
}

fn order(case: &Case) -> Vec<Cut> {
    use programs::bare_loop_tears_an_order::order;
    case.everywhere(
        async || pipe_with_room_for(9),
        async |pipe| order(&mut pipe.socket).await.unwrap(),
        async |pipe, _| {
            let received = pipe.received().await;
            let holds = ["", "table 7: two soups"].contains(&&*received);
            (format!("the kitchen has {received:?}"), holds)
        },
    )
}

/// Readings as the sensor means them: 17 for the digits 1 and 7.
fn said(readings: &[Vec<u8>]) -> Left {
    let said = |digits: &Vec<u8>| digits.iter().map(u8::to_string).collect::<String>();
    let readings: Vec<String> = readings.iter().map(said).collect();
    let holds = readings
        .iter()
        .all(|reading| ["17", "19"].contains(&&**reading));
    let readings = readings.iter().map(|reading| match &**reading {
        "" => "nothing",
        reading => reading,
    });
    let readings: Vec<&str> = readings.collect();
    (
        format!("the next reading is {}", readings.join(", ")),
        holds,
    )
}

fn reading_in_the_middle(case: &Case) -> Vec<Cut> {
    use programs::reading_begins_in_the_middle::{all_readings, sensor};
    case.everywhere(
        sensor,
        async |sensor| drop(sensor.read().await.unwrap()),
        async |sensor, _| said(&all_readings(sensor).await),
    )
}

fn reading_from_the_beginning(case: &Case) -> Vec<Cut> {
    use programs::reading_keeps_its_beginning::{all_readings, sensor};
    case.everywhere(
        sensor,
        async |sensor| drop(sensor.read().await.unwrap()),
        async |sensor, _| said(&all_readings(sensor).await),
    )
}
