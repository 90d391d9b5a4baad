//! Claims of the chapter "Cancel-safety: HELLO and WORLD".

use std::cell::RefCell;

use cancel_sweep::{Cut, Report, Sweep, Verdict, suspend};
use futures::{SinkExt, StreamExt, poll};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, coop::consume_budget, yield_now};
use tokio_util::bytes::Bytes;
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

use crate::swept::first_failure;
use crate::wire::{Pipe, Tcp, pipe, tcp};

#[path = "../../examples/a_writer_task_owns_the_socket.rs"]
#[allow(dead_code)]
mod a_writer_task_owns_the_socket;
#[path = "../../examples/drop_at_every_suspension.rs"]
#[allow(dead_code)]
mod drop_at_every_suspension;
#[path = "../../examples/two_writes_in_a_busy_task.rs"]
#[allow(dead_code)]
mod two_writes_in_a_busy_task;
#[path = "../../examples/two_writes_on_an_idle_socket.rs"]
#[allow(dead_code)]
mod two_writes_on_an_idle_socket;
#[path = "../../examples/write_all_buf_goes_on.rs"]
#[allow(dead_code)]
mod write_all_buf_goes_on;
#[path = "../../examples/write_all_buf_inside_the_future.rs"]
#[allow(dead_code)]
mod write_all_buf_inside_the_future;
#[path = "../../examples/write_all_starts_over.rs"]
#[allow(dead_code)]
mod write_all_starts_over;
#[path = "../../examples/write_all_suspended_before_its_first_byte.rs"]
#[allow(dead_code)]
mod write_all_suspended_before_its_first_byte;
#[path = "../../examples/write_all_to_a_peer_that_does_not_read.rs"]
#[allow(dead_code)]
mod write_all_to_a_peer_that_does_not_read;

/// Begins a new poll, and uses up this much of what a task may do in it.
async fn spend(operations: usize) {
    yield_now().await;
    for _ in 0..operations {
        consume_budget().await;
    }
}

/// The chapter's check: each message is there whole or not at all, and all
/// `sent` of them are if the future completed.
fn whole_or_nothing(received: &str, cut: Cut, sent: usize) -> Result<(), String> {
    let messages = received.matches("HELLOWORLD").count();
    let torn = received.len() > messages * "HELLOWORLD".len();
    let lost = matches!(cut, Cut::Completed(_)) && messages < sent;
    if torn || lost {
        return Err(format!("the peer has {received:?}"));
    }
    Ok(())
}

async fn tcp_whole_or_nothing(tcp: Tcp, cut: Cut) -> Result<(), String> {
    whole_or_nothing(&tcp.received().await, cut, 1)
}

async fn pipe_whole_or_nothing<W>(pipe: Pipe<W>, cut: Cut) -> Result<(), String> {
    whole_or_nothing(&pipe.received().await, cut, 1)
}

// --- Two writes --------------------------------------------------------------

/// On an idle socket neither of two writes suspends, so there is no cut to make;
/// in a task with one operation left the same sweep finds one.
#[test]
fn an_idle_socket_takes_both_writes_in_one_poll() {
    use two_writes_on_an_idle_socket::write_two_steps;

    let idle = async |tcp: &mut Tcp| write_two_steps(&mut tcp.socket).await.unwrap();
    let report = Sweep::new().check(tcp, idle, tcp_whole_or_nothing);
    assert_eq!(report.suspensions(), 0);
    assert_eq!(report.verdict(), Verdict::Safe);

    let busy = async |tcp: &mut Tcp| {
        spend(127).await;
        write_two_steps(&mut tcp.socket).await.unwrap();
    };
    let report = Sweep::new().check(tcp, busy, tcp_whole_or_nothing);
    // The first suspension is that of `spend`, and nothing is written by then.
    let broken = r#"suspended 2: the peer has "HELLO""#;
    assert_eq!(first_failure(&report), broken);
}

/// A task may do 128 operations in one poll: with two left both writes are made,
/// with one left only the first, with none left neither.
#[tokio::test(start_paused = true)]
async fn the_129th_operation_of_a_poll_suspends() {
    use two_writes_in_a_busy_task::write_two_steps;

    for (spent, expected) in [(126, "HELLOWORLD"), (127, "HELLO"), (128, "")] {
        let mut tcp = tcp().await;
        spend(spent).await;
        let polled = poll!(Box::pin(write_two_steps(&mut tcp.socket)));
        assert_eq!(polled.is_ready(), spent == 126, "{spent} spent");
        assert_eq!(tcp.received().await, expected, "{spent} spent");
    }
}

/// A task that has just received 127 waiting messages is cut between the writes.
#[tokio::test(start_paused = true)]
async fn a_backlog_of_messages_spends_the_budget() {
    use two_writes_in_a_busy_task::write_two_steps;

    for (backlog, expected) in [(126, "HELLOWORLD"), (127, "HELLO")] {
        let mut tcp = tcp().await;
        let (queue, mut jobs) = mpsc::unbounded_channel();
        for job in 0..backlog {
            queue.send(job).unwrap();
        }
        yield_now().await;
        for _ in 0..backlog {
            jobs.recv().await.unwrap();
        }
        let _ = poll!(Box::pin(write_two_steps(&mut tcp.socket)));
        assert_eq!(tcp.received().await, expected);
    }
}

/// Two writes, cut between them and tried again on the same real socket.
#[tokio::test(start_paused = true)]
async fn a_retry_sends_hello_twice() {
    use two_writes_in_a_busy_task::write_two_steps;

    let mut tcp = tcp().await;
    spend(127).await;
    assert!(poll!(Box::pin(write_two_steps(&mut tcp.socket))).is_pending());
    write_two_steps(&mut tcp.socket).await.unwrap();
    assert_eq!(tcp.received().await, "HELLOHELLOWORLD");
}

/// In a pipe with room for five bytes the second write waits, and is cut there;
/// with room for ten nothing waits.
#[test]
fn a_pipe_with_room_for_five_is_cut_between_the_writes() {
    use drop_at_every_suspension::write_two_steps;

    let victim = async |pipe: &mut Pipe| write_two_steps(&mut pipe.end).await.unwrap();
    let report = Sweep::new().check(async || pipe(5), victim, pipe_whole_or_nothing);
    let broken = r#"suspended 1: the peer has "HELLO""#;
    assert_eq!(first_failure(&report), broken);

    let report = Sweep::new().check(async || pipe(10), victim, pipe_whole_or_nothing);
    assert_eq!(report.suspensions(), 0);
    assert_eq!(report.verdict(), Verdict::Safe);
}

// --- The sweep ---------------------------------------------------------------

/// From "never polled" to "completed", each suspension is two cuts: one while
/// the future waits, and one after it was woken.
#[test]
fn the_sweep_drops_at_every_suspension() {
    use write_all_starts_over::write_message;

    let cuts = RefCell::new(Vec::new());
    let report = Sweep::new().check(
        async || pipe(3),
        async |pipe| write_message(&mut pipe.end).await.unwrap(),
        async |pipe, cut| {
            let received = pipe.received().await;
            cuts.borrow_mut().push((cut, received));
            Ok::<(), String>(())
        },
    );

    report.assert_safe();
    let expected = [
        (Cut::NeverPolled, ""),
        (Cut::Suspended(1), "HEL"),
        (Cut::Woken(1), "HEL"),
        (Cut::Suspended(2), "HELLOW"),
        (Cut::Woken(2), "HELLOW"),
        (Cut::Suspended(3), "HELLOWORL"),
        (Cut::Woken(3), "HELLOWORL"),
        (Cut::Completed(3), "HELLOWORLD"),
    ];
    let expected = expected.map(|(cut, received)| (cut, received.to_owned()));
    assert_eq!(cuts.into_inner(), expected);
}

/// Where nobody reads, a sweep ends at the last suspension that can be reached,
/// and does not call what it saw safe.
#[test]
fn a_sweep_ends_where_nobody_reads() {
    use write_all_starts_over::write_message;

    let report = Sweep::new().check(
        async || duplex(4),
        async |(socket, _peer)| write_message(socket).await.unwrap(),
        async |_, _| Ok::<(), String>(()),
    );
    let last = report.points().last().unwrap();
    assert_eq!(last.cuts, [Cut::Stuck(1)]);
    assert_eq!(report.verdict(), Verdict::Unfinished);
}

/// A future without an end makes the sweep give up, not run for ever, and what
/// it saw by then is not called safe.
#[test]
fn a_sweep_gives_up_on_an_endless_future() {
    let endless = async |_: &mut ()| {
        loop {
            suspend().await;
        }
    };
    let up_to_250 = Sweep::new().suspensions(250);
    let report = up_to_250.conserved(async || (), endless, async |_| ());
    let last = report.points().last().unwrap();
    assert_eq!(last.cuts, [Cut::Endless(251)]);
    assert_eq!(report.verdict(), Verdict::Unfinished);
}

// --- One write ---------------------------------------------------------------

/// On a real socket with room, one `write_all` is all or nothing wherever the
/// budget ends; two writes are not.
#[test]
fn one_write_all_is_all_or_nothing_while_there_is_room() {
    use two_writes_in_a_busy_task::write_two_steps;
    use write_all_suspended_before_its_first_byte::write_message;

    // One suspension is that of `spend`, and nothing is written by then.
    for (spent, suspensions) in [(0, 1), (126, 1), (127, 1), (128, 2)] {
        let one_step = async |tcp: &mut Tcp| {
            spend(spent).await;
            write_message(&mut tcp.socket).await.unwrap();
        };
        let report = Sweep::new().check(tcp, one_step, tcp_whole_or_nothing);
        assert_eq!(report.suspensions(), suspensions, "{spent} spent");
        report.assert_safe();
    }

    let two_steps = async |tcp: &mut Tcp| {
        spend(127).await;
        write_two_steps(&mut tcp.socket).await.unwrap();
    };
    let report = Sweep::new().check(tcp, two_steps, tcp_whole_or_nothing);
    let broken = r#"suspended 2: the peer has "HELLO""#;
    assert_eq!(first_failure(&report), broken);
}

/// One `write_all` into a pipe with room for four bytes leaves `HELL`.
#[test]
fn one_write_all_leaves_hell() {
    use write_all_starts_over::write_message;

    let victim = async |pipe: &mut Pipe| write_message(&mut pipe.end).await.unwrap();
    let report = Sweep::new().check(async || pipe(4), victim, pipe_whole_or_nothing);
    let broken = r#"suspended 1: the peer has "HELL""#;
    assert_eq!(first_failure(&report), broken);
}

/// What one `write_all` leaves is as long as the room there was.
#[tokio::test(start_paused = true)]
async fn the_room_decides_where_write_all_is_cut() {
    use write_all_starts_over::write_message;

    for room in 1..=12 {
        let mut pipe = pipe(room);
        let polled = poll!(Box::pin(write_message(&mut pipe.end)));
        assert_eq!(polled.is_ready(), room >= 10, "room for {room}");
        let expected = &"HELLOWORLD"[..room.min(10)];
        assert_eq!(pipe.received().await, expected, "room for {room}");
    }
}

/// One `write_all` on a real socket that nobody reads from is cut inside the
/// message; a short message is not.
#[tokio::test(start_paused = true)]
async fn a_full_socket_leaves_a_strict_prefix() {
    use write_all_to_a_peer_that_does_not_read::write_message;

    for (messages, whole) in [(6_000_000, false), (1, true)] {
        let msg = "HELLOWORLD".repeat(messages);
        let mut tcp = tcp().await;
        let polled = poll!(Box::pin(write_message(&mut tcp.socket, msg.as_bytes())));
        assert_eq!(polled.is_ready(), whole);

        let received = tcp.received().await;
        assert!(!received.is_empty());
        assert!(msg.starts_with(&received));
        assert_eq!(received.len() == msg.len(), whole);
    }
}

// --- A task that owns the socket ---------------------------------------------

type Outbox = mpsc::Sender<&'static [u8]>;

/// A pipe whose end is the way to the task that writes.
fn outbox() -> Pipe<Outbox> {
    let Pipe { end, rest, reader } = pipe(4);
    let (outbox, messages) = mpsc::channel(1);
    tokio::spawn(a_writer_task_owns_the_socket::writer(end, messages));
    let end = outbox;
    Pipe { end, rest, reader }
}

/// Callers of a writer task can be dropped anywhere, and each message is there
/// whole or not at all; callers that write for themselves tear one, and callers
/// that do not wait for a place lose one.
#[test]
fn a_writer_task_keeps_every_message_whole() {
    async fn check<W>(pipe: Pipe<W>, cut: Cut) -> Result<(), String> {
        whole_or_nothing(&pipe.received().await, cut, 3)
    }

    let hands_over = async |pipe: &mut Pipe<Outbox>| {
        for _ in 0..3 {
            pipe.end.send(b"HELLOWORLD").await.unwrap();
        }
    };
    let report = Sweep::new().check(async || outbox(), hands_over, check);
    assert_eq!(report.suspensions(), 2);
    report.assert_safe();

    let writes_itself = async |pipe: &mut Pipe| {
        for _ in 0..3 {
            pipe.end.write_all(b"HELLOWORLD").await.unwrap();
        }
    };
    let report = Sweep::new().check(async || pipe(4), writes_itself, check);
    let broken = r#"suspended 1: the peer has "HELL""#;
    assert_eq!(first_failure(&report), broken);

    let does_not_wait = async |pipe: &mut Pipe<Outbox>| {
        for _ in 0..3 {
            let _ = pipe.end.try_send(b"HELLOWORLD");
        }
    };
    let report = Sweep::new().check(async || outbox(), does_not_wait, check);
    let broken = r#"completed after 0: the peer has "HELLOWORLD""#;
    assert_eq!(first_failure(&report), broken);
}

/// Whoever drops the writer task itself tears a message.
#[tokio::test(start_paused = true)]
async fn aborting_the_writer_task_tears_a_message() {
    let (end, mut peer) = duplex(4);
    let (outbox, messages) = mpsc::channel::<&[u8]>(1);
    let writer = tokio::spawn(a_writer_task_owns_the_socket::writer(end, messages));
    outbox.send(b"HELLOWORLD").await.unwrap();
    yield_now().await;

    writer.abort();
    assert!(writer.await.unwrap_err().is_cancelled());
    let mut received = String::new();
    peer.read_to_string(&mut received).await.unwrap();
    assert_eq!(received, "HELL");
}

// --- Progress kept outside the future ----------------------------------------

async fn goes_on(pipe: &mut Pipe) {
    let written = write_all_buf_goes_on::write_rest(&mut pipe.end, &mut pipe.rest).await;
    written.unwrap();
}

async fn starts_over(pipe: &mut Pipe) {
    let written = write_all_starts_over::write_message(&mut pipe.end).await;
    written.unwrap();
}

async fn makes_its_own_buffer(pipe: &mut Pipe) {
    let written = write_all_buf_inside_the_future::write_message(&mut pipe.end).await;
    written.unwrap();
}

/// Drops `write` at every suspension and calls it once more: the peer must end
/// up with the message, once.
fn sweep_with_retry(write: impl AsyncFn(&mut Pipe)) -> Report {
    let retry = async |mut pipe: Pipe, cut| {
        if !matches!(cut, Cut::Completed(_)) {
            write(&mut pipe).await;
        }
        match pipe.received().await.as_str() {
            "HELLOWORLD" => Ok(()),
            received => Err(format!("the peer has {received:?}")),
        }
    };
    Sweep::new().check(async || pipe(4), &write, retry)
}

/// `write_all_buf` with its buffer kept outside goes on where it stopped;
/// `write_all` starts over.
#[test]
fn write_all_buf_goes_on_where_it_stopped() {
    let report = sweep_with_retry(goes_on);
    assert_eq!(report.suspensions(), 2);
    report.assert_safe();

    let report = sweep_with_retry(starts_over);
    let broken = r#"suspended 1: the peer has "HELLHELLOWORLD""#;
    assert_eq!(first_failure(&report), broken);
}

/// `write_all_buf` with a buffer that lives in the future starts over as well.
#[test]
fn write_all_buf_with_its_own_buffer_starts_over() {
    let report = sweep_with_retry(makes_its_own_buffer);
    let broken = r#"suspended 1: the peer has "HELLHELLOWORLD""#;
    assert_eq!(first_failure(&report), broken);

    let report = sweep_with_retry(goes_on);
    assert_eq!(report.suspensions(), 2);
    report.assert_safe();
}

/// Wherever `write_all_buf` is cut, the peer's part and the buffer add up to the
/// message; `write_all` leaves nothing that says how far it came.
#[test]
fn what_arrived_and_what_is_left_add_up() {
    async fn check(pipe: Pipe, _: Cut) -> Result<(), String> {
        let rest = String::from_utf8_lossy(pipe.rest);
        let received = pipe.received().await;
        if format!("{received}{rest}") != "HELLOWORLD" {
            return Err(format!("{received:?} and {rest:?}"));
        }
        Ok(())
    }

    let report = Sweep::new().check(async || pipe(4), goes_on, check);
    assert_eq!(report.suspensions(), 2);
    report.assert_safe();

    let report = Sweep::new().check(async || pipe(4), starts_over, check);
    let broken = r#"suspended 1: "HELL" and "HELLOWORLD""#;
    assert_eq!(first_failure(&report), broken);
}

// --- Frames ------------------------------------------------------------------

/// What the peer took for a message, or its complaint.
type Inbox = Vec<Result<String, String>>;

/// A sender, and a peer in a task of its own.
struct Frames<W> {
    sender: W,
    reader: JoinHandle<Inbox>,
}

async fn read_frames(peer: DuplexStream) -> Inbox {
    FramedRead::new(peer, LengthDelimitedCodec::new())
        .map(|frame| match frame {
            Ok(frame) => Ok(String::from_utf8_lossy(&frame).into_owned()),
            Err(error) => Err(error.to_string()),
        })
        .collect()
        .await
}

type FrameSender = FramedWrite<DuplexStream, LengthDelimitedCodec>;

/// Frames, one byte at a time.
async fn framed() -> Frames<FrameSender> {
    let (socket, peer) = duplex(1);
    let sender = FramedWrite::new(socket, LengthDelimitedCodec::new());
    let reader = tokio::spawn(read_frames(peer));
    Frames { sender, reader }
}

async fn send(frames: &mut Frames<FrameSender>) {
    let message = Bytes::from_static(b"HELLOWORLD");
    frames.sender.send(message).await.unwrap();
}

/// No cut makes the peer take part of a frame for a message; without a length in
/// front it takes whatever came before the end.
#[test]
fn a_peer_that_knows_the_length_takes_no_part_for_a_message() {
    async fn check<W>(frames: Frames<W>, cut: Cut) -> Result<(), String> {
        drop(frames.sender);
        let inbox = frames.reader.await.unwrap();
        let messages: String = inbox.into_iter().flatten().collect();
        whole_or_nothing(&messages, cut, 1)
    }

    // Four bytes of length and ten of message; the last one need not wait.
    let report = Sweep::new().check(framed, send, check);
    assert_eq!(report.suspensions(), 13);
    report.assert_safe();

    let unframed = async || {
        let Pipe { end, reader, .. } = pipe(1);
        let reader = tokio::spawn(async { vec![Ok(reader.await.unwrap())] });
        let sender = end;
        Frames { sender, reader }
    };
    let write = async |frames: &mut Frames<DuplexStream>| {
        frames.sender.write_all(b"HELLOWORLD").await.unwrap();
    };
    let report = Sweep::new().check(unframed, write, check);
    assert_eq!(first_failure(&report), r#"suspended 1: the peer has "H""#);
}

/// A torn frame is an error at the end of the stream, except when the tear is
/// right behind the length: then the stream just ends.
#[tokio::test(start_paused = true)]
async fn a_tear_right_behind_the_length_is_silent() {
    for room in 1..=14 {
        let (socket, peer) = duplex(room);
        let mut sender = FramedWrite::new(socket, LengthDelimitedCodec::new());
        let message = Bytes::from_static(b"HELLOWORLD");
        let polled = poll!(Box::pin(sender.send(message)));
        assert_eq!(polled.is_ready(), room == 14, "cut after {room} bytes");
        drop(sender);

        let expected = match room {
            4 => vec![],
            14 => vec![Ok("HELLOWORLD".to_owned())],
            _ => vec![Err("bytes remaining on stream".to_owned())],
        };
        assert_eq!(read_frames(peer).await, expected, "cut after {room} bytes");
    }
}

/// A torn frame that is followed by another one takes its bytes from it.
#[tokio::test(start_paused = true)]
async fn a_torn_frame_swallows_the_next_one() {
    let frame = b"\0\0\0\x0aHELLOWORLD";
    let (mut socket, peer) = duplex(8);
    assert!(poll!(Box::pin(socket.write_all(frame))).is_pending());

    let reader = tokio::spawn(read_frames(peer));
    socket.write_all(frame).await.unwrap();
    drop(socket);
    let inbox = reader.await.unwrap();
    assert_eq!(inbox[0], Ok("HELL\0\0\0\nHE".to_owned()));
    assert!(!inbox.contains(&Ok("HELLOWORLD".to_owned())));
}

/// A cut `send` has left its frame in the `FramedWrite`: `flush` finishes it,
/// and a second `send` delivers the message twice.
#[test]
fn flush_finishes_a_dropped_send() {
    async fn inbox(frames: Frames<FrameSender>) -> Inbox {
        drop(frames.sender);
        frames.reader.await.unwrap()
    }

    let flush = async |mut frames: Frames<_>, cut| {
        match cut {
            Cut::NeverPolled => send(&mut frames).await,
            _ => SinkExt::<Bytes>::flush(&mut frames.sender).await.unwrap(),
        }
        let inbox = inbox(frames).await;
        if inbox != [Ok("HELLOWORLD".to_owned())] {
            return Err(format!("the peer has {inbox:?}"));
        }
        Ok(())
    };
    let report = Sweep::new().check(framed, send, flush);
    assert_eq!(report.suspensions(), 13);
    report.assert_safe();

    let report = Sweep::new().recreate(framed, send, inbox);
    let twice = r#"[Ok("HELLOWORLD"), Ok("HELLOWORLD")] instead of [Ok("HELLOWORLD")]"#;
    assert_eq!(first_failure(&report), format!("suspended 1: {twice}"));
    assert_eq!(report.verdict(), Verdict::DoesTwice);
}
