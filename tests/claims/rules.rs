//! Claims of the chapter "The rules, each with its price".

use std::future::{Future, pending, ready};
use std::pin::pin;
use std::sync::{Arc, Mutex as StdMutex};
use std::time::Duration;

use cancel_sweep::{Cut, Sweep};
use futures::poll;
use tokio::sync::{Mutex, OwnedMutexGuard, Semaphore, mpsc, oneshot};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio::{join, select, try_join};
use tokio_util::sync::CancellationToken;

use crate::log::Log;
use crate::swept::first_failure;

#[path = "../../examples/board_copied_and_replaced.rs"]
#[allow(dead_code)]
mod board_copied_and_replaced;
#[path = "../../examples/board_taken_down_and_lost.rs"]
#[allow(dead_code)]
mod board_taken_down_and_lost;
#[path = "../../examples/boat_put_back_by_a_guard.rs"]
#[allow(dead_code)]
mod boat_put_back_by_a_guard;
#[path = "../../examples/boat_put_back_by_hand.rs"]
#[allow(dead_code)]
mod boat_put_back_by_hand;
#[path = "../../examples/line_put_back_too_early.rs"]
#[allow(dead_code)]
mod line_put_back_too_early;
#[path = "../../examples/relay_receives_then_sends.rs"]
#[allow(dead_code)]
mod relay_receives_then_sends;
#[path = "../../examples/relay_reserves_then_receives.rs"]
#[allow(dead_code)]
mod relay_reserves_then_receives;
#[path = "../../examples/tram_called_off_between_stops.rs"]
#[allow(dead_code)]
mod tram_called_off_between_stops;
#[path = "../../examples/transfer_changes_as_it_goes.rs"]
#[allow(dead_code)]
mod transfer_changes_as_it_goes;
#[path = "../../examples/transfer_waits_then_changes.rs"]
#[allow(dead_code)]
mod transfer_waits_then_changes;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

// --- Critical sections -------------------------------------------------------

type Board = Vec<&'static str>;

fn a_board_hangs_there(wall: Option<Board>, cut: Cut) -> Result<(), String> {
    let expected = match cut {
        Cut::Completed(_) => vec!["bread", "soup"],
        _ => vec!["bread"],
    };
    match wall {
        Some(board) if board == expected => Ok(()),
        wall => Err(format!("on the wall: {wall:?}")),
    }
}

/// What is taken out of a mutex is lost if the future is dropped before it puts
/// it back; a copy that replaces it once all waiting is done is not.
#[test]
fn what_was_taken_out_is_lost() {
    let report = Sweep::new().check(
        async || Mutex::new(Some(vec!["bread"])),
        async |wall| board_taken_down_and_lost::add("soup", wall).await,
        async |wall, cut| a_board_hangs_there(wall.into_inner(), cut),
    );
    assert_eq!(first_failure(&report), "suspended 1: on the wall: None");

    let report = Sweep::new().check(
        async || StdMutex::new(Some(vec!["bread"])),
        async |wall| board_copied_and_replaced::add("soup", wall).await,
        async |wall, cut| a_board_hangs_there(wall.into_inner().unwrap(), cut),
    );
    assert_eq!(report.suspensions(), 1);
    report.assert_safe();
}

/// After a cancellation Tokio's mutex can be locked as if nothing had happened,
/// and even after a panic.
#[tokio::test(start_paused = true)]
async fn tokio_s_mutex_is_never_poisoned() {
    let wall = Arc::new(Mutex::new(Some(vec!["bread"])));
    let mut future = Box::pin(board_taken_down_and_lost::add("soup", &wall));
    assert!(poll!(&mut future).is_pending());
    assert!(wall.try_lock().is_err(), "it is held");
    drop(future);
    assert_eq!(*wall.try_lock().unwrap(), None);

    // `add` expects a board, and panics with the lock in its hand.
    let next = wall.clone();
    let next = tokio::spawn(async move { board_taken_down_and_lost::add("soup", &next).await });
    assert!(next.await.unwrap_err().is_panic());
    assert_eq!(*wall.try_lock().unwrap(), None);
}

/// Suspends with the guard of a std mutex in hand, after it has taken the board.
#[allow(clippy::await_holding_lock)]
async fn hold_across_an_await(wall: &StdMutex<Option<&'static str>>) {
    let mut board = wall.lock().unwrap();
    board.take();
    pending::<()>().await;
}

/// A std mutex is poisoned by a panic of whoever holds it, and not by a
/// cancellation.
#[tokio::test(start_paused = true)]
async fn a_std_mutex_is_not_poisoned_by_a_cancellation_either() {
    let wall = Arc::new(StdMutex::new(Some("board")));
    let mut future = Box::pin(hold_across_an_await(&wall));
    assert!(poll!(&mut future).is_pending());
    drop(future);
    assert!(!wall.is_poisoned());
    assert_eq!(*wall.try_lock().unwrap(), None);

    let next = wall.clone();
    let next = tokio::spawn(async move {
        let board = next.lock().unwrap();
        board.expect("the board hangs there");
    });
    assert!(next.await.unwrap_err().is_panic());
    assert!(wall.is_poisoned());
}

/// Where nobody asks for `Send`, the guard of a std mutex may be held across an
/// `.await`, and locks everybody out for as long as the future is suspended.
#[tokio::test(start_paused = true)]
async fn a_future_awaited_in_place_may_hold_a_std_guard() {
    let wall = StdMutex::new(Some("board"));
    let mut future = Box::pin(hold_across_an_await(&wall));
    assert!(poll!(&mut future).is_pending());
    assert!(wall.try_lock().is_err(), "it is held");
    drop(future);
    assert!(wall.try_lock().is_ok());
}

/// Two `add` at the same time, each of them with its dish.
async fn two_at_a_time<M>(wall: &M, add: impl AsyncFn(&'static str, &M)) {
    join!(add("soup", wall), add("stew", wall));
}

/// Two that copy, wait and replace overwrite each other; two that hold the lock
/// while they wait do not.
#[tokio::test(start_paused = true)]
async fn a_copy_overwrites_what_another_did() {
    let wall = StdMutex::new(Some(vec!["bread"]));
    two_at_a_time(&wall, board_copied_and_replaced::add).await;
    assert_eq!(wall.into_inner().unwrap().unwrap().len(), 2, "one is lost");

    let wall = Mutex::new(Some(vec!["bread"]));
    two_at_a_time(&wall, board_taken_down_and_lost::add).await;
    assert_eq!(wall.into_inner().unwrap().len(), 3);
}

/// The board in the hands of one task, which adds the dishes it is sent.
struct Keeper {
    dishes: mpsc::Sender<(&'static str, oneshot::Sender<()>)>,
    task: JoinHandle<Board>,
}

fn keeper() -> Keeper {
    let (dishes, mut sent) = mpsc::channel::<(_, oneshot::Sender<()>)>(1);
    let task = tokio::spawn(async move {
        let mut board = vec!["bread"];
        while let Some((dish, done)) = sent.recv().await {
            sleep(SECOND).await;
            board.push(dish);
            let _ = done.send(());
        }
        board
    });
    Keeper { dishes, task }
}

impl Keeper {
    async fn add(&self, dish: &'static str) {
        let (done, written) = oneshot::channel();
        self.dishes.send((dish, done)).await.unwrap();
        written.await.unwrap();
    }
}

/// A task that owns the board keeps it whole, whenever a caller is dropped. It
/// also does what a caller has asked for and no longer waits for.
#[test]
fn an_actor_goes_on_without_its_caller() {
    let written_without_a_caller = Log::default();
    let report = Sweep::new().check(
        async || keeper(),
        async |keeper| keeper.add("soup").await,
        async |keeper, cut| {
            drop(keeper.dishes);
            let board = keeper.task.await.unwrap();
            if board.contains(&"soup") && !matches!(cut, Cut::Completed(_)) {
                written_without_a_caller.note(cut.to_string());
            }
            match &board[..] {
                ["bread"] | ["bread", "soup"] => Ok(()),
                board => Err(format!("on the board: {board:?}")),
            }
        },
    );
    assert_eq!(report.suspensions(), 1);
    report.assert_safe();
    let at = ["suspended 1", "woken 1"];
    assert_eq!(written_without_a_caller.events(), at);
}

// --- RAII --------------------------------------------------------------------

/// A boat that is put back by the last line stays away when the trip is
/// dropped; one that is put back by a guard comes home from everywhere.
#[test]
fn a_guard_brings_the_boat_back() {
    let report = Sweep::new().conserved(
        async || {
            use boat_put_back_by_hand::Boat;
            StdMutex::new(vec![Boat, Boat])
        },
        async |jetty| boat_put_back_by_hand::trip(jetty).await,
        async |jetty| jetty.lock().unwrap().len(),
    );
    assert_eq!(first_failure(&report), "suspended 1: 2 before, 1 after");
    let whole_trip = report.points().last().unwrap();
    assert_eq!(whole_trip.cuts, [Cut::Completed(1)]);
    assert_eq!(whole_trip.finding, None, "nobody dropped this one");

    let report = Sweep::new().conserved(
        async || {
            use boat_put_back_by_a_guard::Boat;
            StdMutex::new(vec![Boat, Boat])
        },
        async |jetty| boat_put_back_by_a_guard::trip(jetty).await,
        async |jetty| jetty.lock().unwrap().len(),
    );
    assert_eq!(report.suspensions(), 1);
    report.assert_safe();
}

/// A guard puts back what it has, in the state it is in: after a call that was
/// cut off, the next caller hears the answer to another question.
#[tokio::test(start_paused = true)]
async fn a_guard_puts_back_what_it_has() {
    use line_put_back_too_early::{ask, operator};

    let lines = StdMutex::new(vec![operator()]);
    assert_eq!(ask("trains", &lines).await, Some("trains"));

    let cut_off = timeout(SECOND / 50, ask("rain", &lines));
    assert!(cut_off.await.is_err());
    assert_eq!(ask("trains", &lines).await, Some("rain"));
}

/// A line that is put back only once its answer is there gives nobody another's
/// answer; one that was cut off is closed instead.
#[tokio::test(start_paused = true)]
async fn put_back_only_when_it_is_ready_for_the_next() {
    use line_put_back_too_early::{Line, operator};

    async fn ask(about: &'static str, lines: &StdMutex<Vec<Line>>) -> Option<&'static str> {
        let line = lines.lock().unwrap().pop();
        let (questions, mut answers) = line.unwrap_or_else(operator);
        questions.send(about).await.ok()?;
        let heard = answers.recv().await;
        lines.lock().unwrap().push((questions, answers));
        heard
    }

    let lines = StdMutex::new(vec![operator()]);
    let cut_off = timeout(SECOND / 50, ask("rain", &lines));
    assert!(cut_off.await.is_err());
    assert_eq!(lines.lock().unwrap().len(), 0, "it is closed");
    assert_eq!(ask("trains", &lines).await, Some("trains"));
    assert_eq!(lines.lock().unwrap().len(), 1);
}

// --- Atomic steps ------------------------------------------------------------

type Letter = &'static str;

/// An inbox with two letters, a van that is full, and a driver who empties it
/// once in a while.
struct Post {
    inbox: mpsc::Receiver<Letter>,
    van: mpsc::Sender<Letter>,
    driver: JoinHandle<Vec<Letter>>,
}

async fn post() -> Post {
    let (letters, inbox) = mpsc::channel(2);
    let (van, mut doors) = mpsc::channel(1);
    for letter in ["first", "second"] {
        letters.send(letter).await.unwrap();
    }
    van.send("earlier").await.unwrap();
    let driver = tokio::spawn(async move {
        let mut delivered = Vec::new();
        loop {
            sleep(SECOND).await;
            match doors.recv().await {
                Some(letter) => delivered.push(letter),
                None => return delivered,
            }
        }
    });
    Post { inbox, van, driver }
}

/// Every letter is delivered or still in the inbox, once and in order.
async fn no_letter_is_lost(mut post: Post, _: Cut) -> Result<(), String> {
    drop(post.van);
    let mut letters = post.driver.await.unwrap();
    while let Ok(letter) = post.inbox.try_recv() {
        letters.push(letter);
    }
    if letters == ["earlier", "first", "second"] {
        Ok(())
    } else {
        Err(format!("there are {letters:?}"))
    }
}

/// Receiving and then sending loses the letter in between; with the place
/// reserved first, every letter is in the van or in the inbox.
#[test]
fn receiving_then_sending_loses_a_letter() {
    let report = Sweep::new().check(
        post,
        async |post| relay_receives_then_sends::relay(&mut post.inbox, &post.van).await,
        no_letter_is_lost,
    );
    let broken = r#"suspended 1: there are ["earlier", "second"]"#;
    assert_eq!(first_failure(&report), broken);

    let report = Sweep::new().check(
        post,
        async |post| relay_reserves_then_receives::relay(&mut post.inbox, &post.van).await,
        no_letter_is_lost,
    );
    assert_eq!(report.suspensions(), 1);
    report.assert_safe();
}

/// `recv` alone loses nothing and `reserve` alone loses nothing; `recv` and
/// then `reserve` in one future loses the letter.
#[test]
fn safe_parts_do_not_make_a_safe_whole() {
    let report = Sweep::new().check(
        async || {
            // Letters that come later, so that there is something to wait for.
            let (letters, inbox) = mpsc::channel(2);
            tokio::spawn(async move {
                for letter in ["earlier", "first", "second"] {
                    sleep(SECOND).await;
                    letters.send(letter).await.unwrap();
                }
            });
            (inbox, Vec::new())
        },
        async |(inbox, got)| {
            for _ in 0..3 {
                got.push(inbox.recv().await.unwrap());
            }
        },
        async |(mut inbox, mut letters), _| {
            while let Some(letter) = inbox.recv().await {
                letters.push(letter);
            }
            let all = ["earlier", "first", "second"];
            (letters == all)
                .then_some(())
                .ok_or(format!("there are {letters:?}"))
        },
    );
    assert_eq!(report.suspensions(), 3, "recv alone");
    report.assert_safe();

    let reserve = async |post: &mut Post| drop(post.van.reserve().await.unwrap());
    let report = Sweep::new().check(post, reserve, no_letter_is_lost);
    assert_eq!(report.suspensions(), 1, "reserve alone");
    report.assert_safe();

    let both = async |post: &mut Post| {
        let letter = post.inbox.recv().await.unwrap();
        post.van.reserve().await.unwrap().send(letter);
    };
    let report = Sweep::new().check(post, both, no_letter_is_lost);
    let broken = r#"suspended 1: there are ["earlier", "second"]"#;
    assert_eq!(first_failure(&report), broken, "both");
}

/// Two letters for a van with room for one, while somebody knocks: how many are
/// left with the sender, and what is in the van.
async fn send_while_somebody_knocks(reserve: bool) -> (Vec<Letter>, Vec<Letter>) {
    let (van, mut doors) = mpsc::channel(1);
    let mut letters = vec!["second", "first"];
    for _ in 0..2 {
        if reserve {
            select! {
                place = van.reserve() => place.unwrap().send(letters.pop().unwrap()),
                () = sleep(SECOND) => {}
            }
        } else {
            select! {
                sent = van.send(letters.pop().unwrap()) => sent.unwrap(),
                () = sleep(SECOND) => {}
            }
        }
    }
    let in_the_van = std::iter::from_fn(|| doors.try_recv().ok()).collect();
    (letters, in_the_van)
}

/// A `send` that loses a `select!` drops its message; a `reserve` that loses
/// has none.
#[tokio::test(start_paused = true)]
async fn a_send_that_loses_drops_its_message() {
    let sent = send_while_somebody_knocks(false).await;
    assert_eq!(sent, (vec![], vec!["first"]));
    let reserved = send_while_somebody_knocks(true).await;
    assert_eq!(reserved, (vec!["second"], vec!["first"]));
}

/// While the relay that reserves first waits for a letter, its place in the van
/// is empty and taken: nobody else can use it until the relay is dropped.
#[tokio::test(start_paused = true)]
async fn a_reserved_place_is_lost_to_others() {
    use relay_reserves_then_receives::relay;

    let (_letters, mut inbox) = mpsc::channel(1);
    let (van, _doors) = mpsc::channel(1);
    let mut waiting = Box::pin(relay(&mut inbox, &van));
    assert!(poll!(&mut waiting).is_pending());
    assert!(timeout(DAY, van.send("another's")).await.is_err());
    drop(waiting);
    assert_eq!(timeout(DAY, van.send("another's")).await, Ok(Ok(())));

    // Whoever receives first takes no place for it.
    let (_letters, mut inbox) = mpsc::channel(1);
    let (van, _doors) = mpsc::channel(1);
    let mut waiting = Box::pin(relay_receives_then_sends::relay(&mut inbox, &van));
    assert!(poll!(&mut waiting).is_pending());
    assert_eq!(timeout(DAY, van.send("another's")).await, Ok(Ok(())));
}

/// In which of 500 turns, one every 3 ms, the future that `make` makes was
/// ready: made anew in each turn, or made once and kept.
async fn turns_until_ready<F: Future>(anew: bool, make: impl Fn() -> F) -> Option<u32> {
    let mut turns = interval(SECOND * 3 / 1000);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    turns.tick().await;
    let mut kept = pin!(make());
    for turn in 1..=500 {
        let ready = if anew {
            select! { biased; _ = make() => true, _ = turns.tick() => false }
        } else {
            select! { biased; _ = &mut kept => true, _ = turns.tick() => false }
        };
        if ready {
            return Some(turn);
        }
    }
    None
}

/// Where two others queue again and again, a `reserve` or an `acquire` that is
/// dropped and made anew every 3 ms has no turn in 500 tries; one that is kept
/// has it after a few.
#[tokio::test(start_paused = true)]
async fn made_anew_it_never_comes_to_the_front() {
    let each = SECOND / 100;

    for anew in [true, false] {
        let (van, mut doors) = mpsc::channel(1);
        tokio::spawn(async move {
            while doors.recv().await.is_some() {
                sleep(each).await;
            }
        });
        for _ in 0..2 {
            let van = van.clone();
            tokio::spawn(async move { while van.send("another's").await.is_ok() {} });
        }
        yield_now().await;
        let turns = turns_until_ready(anew, || van.reserve()).await;
        assert_eq!(turns.is_none(), anew, "reserve: {turns:?}");
        assert!(turns.is_none_or(|turns| turns < 20), "reserve: {turns:?}");
    }

    for anew in [true, false] {
        let semaphore = Arc::new(Semaphore::new(1));
        for _ in 0..2 {
            let semaphore = semaphore.clone();
            tokio::spawn(async move {
                while let Ok(_permit) = semaphore.acquire().await {
                    sleep(each).await;
                }
            });
        }
        yield_now().await;
        let turns = turns_until_ready(anew, || semaphore.acquire()).await;
        assert_eq!(turns.is_none(), anew, "acquire: {turns:?}");
        assert!(turns.is_none_or(|turns| turns < 20), "acquire: {turns:?}");
    }
}

// --- Flags and select! -------------------------------------------------------

/// A tram's way from stop to stop, and how long after it has left it is called
/// off: half-way to the second stop.
const STEP: Duration = Duration::from_millis(400);
const CALLED_OFF: Duration = Duration::from_millis(600);

/// How long a tram goes on after it was called off.
async fn goes_on_for(tram: impl AsyncFn(&CancellationToken)) -> Duration {
    let called_off = CancellationToken::new();
    let call_off = async {
        sleep(CALLED_OFF).await;
        called_off.cancel();
        Instant::now()
    };
    let ride = async {
        tram(&called_off).await;
        Instant::now()
    };
    let (called_off, ended) = join!(call_off, ride);
    ended - called_off
}

/// A flag lets the step finish, and costs the rest of the step: half of it.
/// `select!` cuts the step, and ends at once.
#[tokio::test(start_paused = true)]
async fn a_flag_waits_for_the_step_and_select_cuts_it() {
    use tram_called_off_between_stops::{with_a_flag, with_select};

    assert_eq!(goes_on_for(with_a_flag).await, STEP / 2);
    assert_eq!(goes_on_for(with_select).await, Duration::ZERO);
}

/// A step that waits for something that never comes never looks at the flag;
/// `select!` ends it.
#[tokio::test(start_paused = true)]
async fn a_flag_is_not_seen_in_a_step_without_end() {
    let flag = async |called_off: &CancellationToken| {
        while !called_off.is_cancelled() {
            pending::<()>().await;
        }
    };
    assert!(timeout(DAY, goes_on_for(flag)).await.is_err());

    let select = async |called_off: &CancellationToken| {
        select! {
            () = called_off.cancelled() => {}
            () = pending() => {}
        }
    };
    assert_eq!(timeout(DAY, goes_on_for(select)).await, Ok(Duration::ZERO));
}

/// Does this many jobs, a step each; only waiting for the next one is part
/// of the race.
async fn race_for_the_waiting(jobs: usize, called_off: &CancellationToken, log: &Log) {
    let (queue, mut queued) = mpsc::channel(jobs);
    for job in 1..=jobs {
        queue.send(job).await.unwrap();
    }
    loop {
        select! {
            biased;
            () = called_off.cancelled() => break,
            Some(job) = queued.recv() => {
                sleep(STEP).await;
                log.note(format!("job {job}"));
            }
        }
    }
}

/// With the waiting in the branch and the step behind `=>`, a step that has
/// begun finishes, and who only waits ends at once.
#[tokio::test(start_paused = true)]
async fn behind_the_arrow_the_step_finishes() {
    let log = Log::default();
    let in_a_step = goes_on_for(async |stop| race_for_the_waiting(9, stop, &log).await);
    assert_eq!(in_a_step.await, STEP / 2);
    assert_eq!(log.take(), ["job 1", "job 2"]);

    let waiting = goes_on_for(async |stop| race_for_the_waiting(1, stop, &log).await);
    assert_eq!(waiting.await, Duration::ZERO);
    assert_eq!(log.take(), ["job 1"]);

    // The same step inside the branch is cut.
    let cut = goes_on_for(async |stop| {
        let not_this = CancellationToken::new();
        select! {
            () = stop.cancelled() => {}
            () = race_for_the_waiting(9, &not_this, &log) => {}
        }
    });
    assert_eq!(cut.await, Duration::ZERO);
    assert_eq!(log.take(), ["job 1"]);
}

// --- Any suspension ----------------------------------------------------------

type Account = Arc<Mutex<u32>>;

/// Alice has 100, Bob has nothing, and each account is locked by somebody for a
/// while, so that whoever wants it has to wait.
async fn bank() -> (Account, Account) {
    let account = |balance, busy_for| {
        let account = Arc::new(Mutex::new(balance));
        let busy: OwnedMutexGuard<u32> = account.clone().try_lock_owned().unwrap();
        tokio::spawn(async move {
            sleep(busy_for).await;
            drop(busy);
        });
        account
    };
    (account(100, SECOND), account(0, 2 * SECOND))
}

async fn no_money_is_lost((alice, bob): (Account, Account), cut: Cut) -> Result<(), String> {
    let balances = (*alice.lock().await, *bob.lock().await);
    match (cut, balances) {
        (Cut::Completed(_), (50, 50)) => Ok(()),
        (Cut::NeverPolled | Cut::Suspended(_) | Cut::Woken(_), (100, 0)) => Ok(()),
        (_, (alice, bob)) => Err(format!("{alice} + {bob}")),
    }
}

/// A transfer that changes one account and then waits for the other loses the
/// money at that suspension; one that waits first loses none at any.
#[test]
fn a_transfer_waits_first_and_then_changes() {
    let report = Sweep::new().check(
        bank,
        async |(alice, bob)| transfer_changes_as_it_goes::transfer(50, alice, bob).await,
        no_money_is_lost,
    );
    assert_eq!(first_failure(&report), "suspended 2: 50 + 0");

    let report = Sweep::new().check(
        bank,
        async |(alice, bob)| transfer_waits_then_changes::transfer(50, alice, bob).await,
        no_money_is_lost,
    );
    assert_eq!(report.suspensions(), 2);
    report.assert_safe();
}

/// Two transfers between two accounts that somebody holds until both transfers
/// are waiting: do they ever end?
async fn both_end(opposite: bool, transfer: impl AsyncFn(u32, &Mutex<u32>, &Mutex<u32>)) -> bool {
    let (alice, bob) = (Mutex::new(100), Mutex::new(100));
    let busy = (alice.lock().await, bob.lock().await);
    let first = transfer(50, &alice, &bob);
    let second = match opposite {
        true => transfer(50, &bob, &alice),
        false => transfer(50, &alice, &bob),
    };
    let transfers = async { join!(first, second) };
    let mut transfers = pin!(transfers);
    assert!(poll!(&mut transfers).is_pending());
    drop(busy);
    timeout(DAY, transfers).await.is_ok()
}

/// Two transfers that wait for the second lock with the first in hand wait for
/// each other for ever if they take them in opposite orders, and end if they
/// take them in the same. Those that hold one lock at a time always end.
#[tokio::test(start_paused = true)]
async fn opposite_transfers_wait_for_each_other() {
    use transfer_changes_as_it_goes::transfer as one_lock;
    use transfer_waits_then_changes::transfer as both_locks;

    assert!(!both_end(true, both_locks).await);
    assert!(both_end(false, both_locks).await);
    assert!(both_end(true, one_lock).await);
}

/// `try_join!` drops the siblings at the first error; `join!` waits for all,
/// whatever they return.
#[tokio::test(start_paused = true)]
async fn try_join_drops_the_siblings() {
    let log = Log::default();
    let sibling = async || {
        let _guard = log.guard("sibling");
        sleep(SECOND).await;
        log.note("sibling done");
        Ok::<(), &str>(())
    };

    let both = try_join!(sibling(), async {
        yield_now().await;
        Err::<(), _>("no such address")
    });
    assert_eq!(both, Err("no such address"));
    sleep(DAY).await;
    assert_eq!(log.take(), ["sibling dropped"]);

    let both = join!(sibling(), ready(Err::<(), _>("no such address")));
    assert_eq!(both, (Ok(()), Err("no such address")));
    assert_eq!(log.take(), ["sibling done", "sibling dropped"]);
}
