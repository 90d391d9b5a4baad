//! What the steps of a timeline say, and what the sentence under its picture
//! says.

use recording::Kind;

use crate::recorded::{MAIN, Recorded, sentences};

/// The sentence under the picture, code in backticks.
fn shows(block: &str) -> String {
    let (_, rest) = block.split_once("<p class=\"shows\">").expect("a sentence");
    let (sentence, _) = rest.split_once("\u{a0}<span").expect("its mark");
    sentence.replace("<code>", "`").replace("</code>", "`")
}

/// Drops are told in the order in which they ran, from the outermost future
/// inwards, and then every destructor.
#[test]
fn drops_keep_their_order() {
    let block = Recorded::new()
        .future("ship()", Kind::Argument, 2, MAIN)
        .future("unload()", Kind::Body, 3, 1)
        .polled(MAIN)
        .polled(1)
        .polled(2)
        .suspended(2, 9, "sleep(a)")
        .suspended(1, 8, "unload()")
        .dropped(1, 8)
        .dropped(2, 9)
        .destructor(2, "Crate")
        .printed(2, 1, "the crate\n")
        .destructor(1, "Crane")
        .destructor(1, "Anchor")
        .printed(MAIN, 4, "gone\n")
        .destructor(MAIN, "Map")
        .done(MAIN)
        .block();
    let said = sentences(&block);
    let drops = said
        .iter()
        .position(|said| said.contains("drops"))
        .expect("a drop");
    assert_eq!(
        said[drops..],
        [
            "`main` drops `ship()` where it stands, at line 8. That is its cancellation: it is gone, \
             and what comes after that place never runs.",
            "With it goes `unload()`, at line 9.",
            "Because of that drop, the destructor of `Crate` runs.",
            "`unload()` prints <samp>the crate</samp>.",
            "Because of that drop, the destructor of `Crane` runs.",
            "Because of that drop, the destructor of `Anchor` runs.",
            "`main` prints <samp>gone</samp>.",
            "A scope ends: the destructor of `Map` runs.",
            "`main` is done, and the program ends.",
        ]
    );
    assert_eq!(
        shows(&block),
        "At 0 ms `ship()`, suspended at line 8, is dropped; the destructors of `Crate`, `Crane` \
         and `Anchor` run, in this order."
    );
    let places: Vec<usize> = [">Crate<", ">Crane<", ">Anchor<", ">Map<"]
        .iter()
        .map(|name| block.find(name).expect(name))
        .collect();
    assert!(places.is_sorted(), "{places:?} in {block}");
}

/// What a destructor of the listing prints is told with it.
#[test]
fn a_destructor_prints() {
    let example = "struct Stove;\nimpl Drop for Stove {\n    fn drop(&mut self) {\n        \
                   println!(\"off\");\n    }\n}\nfn main() {}\n";
    let page = Recorded::new()
        .polled(MAIN)
        .destructor(MAIN, "Stove")
        .printed(MAIN, 4, "off\n")
        .printed(MAIN, 7, "end\n")
        .project()
        .file("examples/hello.rs", example)
        .built("page.html");
    assert_eq!(
        sentences(&page)[1..],
        [
            "A scope ends: the destructor of `Stove` runs and prints <samp>off</samp>.",
            "`main` prints <samp>end</samp>.",
        ]
    );
}

/// A poll that ends where it began, with nothing in between, is not told, nor
/// is the wake that led to it.
#[test]
fn idle_polls_are_left_out() {
    let block = Recorded::new()
        .future("a()", Kind::Branch, 2, MAIN)
        .polled(MAIN)
        .polled(1)
        .suspended(1, 5, "x")
        .suspended(MAIN, 3, "select!")
        .times(3, |recorded, _| {
            recorded
                .woken(MAIN, None)
                .polled(MAIN)
                .polled(1)
                .suspended(1, 5, "x")
                .suspended(MAIN, 3, "select!")
        })
        .at(7)
        .woken(MAIN, None)
        .polled(MAIN)
        .polled(1)
        .suspended(1, 6, "x")
        .suspended(MAIN, 3, "select!")
        .block();
    let said = sentences(&block);
    assert_eq!(said.len(), 6, "{said:?}");
    assert!(
        said[4].starts_with("<b>7 ms.</b> `x` is ready, so `main` is woken."),
        "{said:?}"
    );
    assert_eq!(
        said[5],
        "`a()` has to wait for `x` at line 6: it returns `Pending` to `main`. So `main` at line 3 has to wait too."
    );
}

/// A loop is told a few times and then counted; what it makes anew in each turn
/// shares a lane.
#[test]
fn a_loop_is_folded() {
    let turns = 40;
    let recorded = (1..=turns).fold(Recorded::new(), |recorded, _| {
        recorded.future("tick()", Kind::Branch, 4, MAIN)
    });
    let recorded = recorded.polled(MAIN).times(turns, |recorded, turn| {
        recorded
            .polled(turn + 1)
            .suspended(turn + 1, 0, "")
            .suspended(MAIN, 3, "select!")
            .at(10 * (turn as u64 + 1))
            .woken(MAIN, None)
            .polled(MAIN)
            .polled(turn + 1)
            .done(turn + 1)
            .printed(MAIN, 5, &format!("tick {turn}\n"))
    });
    let block = recorded.done(MAIN).block();
    assert!(
        block.contains("data-lanes=\"[&quot;main&quot;,&quot;tick()&quot;]\""),
        "{block}"
    );
    let said = sentences(&block);
    let fold = said
        .iter()
        .position(|said| said.starts_with('…'))
        .expect("a fold");
    assert_eq!(said[fold], "… 36 more turns like these, until 380 ms.");
    assert!(said.len() < 24, "{said:?}");
    assert!(said[said.len() - 2].contains("tick 39"), "{said:?}");
    assert!(block.contains(">… 36 more turns</text>"), "{block}");
}

/// What woke a task: time, a thing that is ready, another future, itself.
#[test]
fn wakes_have_causes() {
    let block = Recorded::new()
        .future("task()", Kind::Task, 2, MAIN)
        .polled(MAIN)
        .made(1)
        .suspended(MAIN, 3, "tokio::time::sleep(Duration::from_millis(20))")
        .polled(1)
        .suspended(1, 8, "inbox.recv()")
        .at(20)
        .woken(MAIN, None)
        .polled(MAIN)
        .woken(1, MAIN)
        .suspended(MAIN, 4, "timeout(limit, handle)")
        .polled(1)
        .woken(1, 1)
        .suspended(1, 9, "yield_now()")
        .polled(1)
        .done(1)
        .woken(MAIN, None)
        .polled(MAIN)
        .done(MAIN)
        .block();
    let said = sentences(&block);
    let wakes: Vec<&String> = said
        .iter()
        .filter(|said| said.contains("wake") || said.contains("woken"))
        .collect();
    assert_eq!(
        wakes[1..],
        [
            "<b>20 ms.</b> The time of `sleep(20 ms)` is up, so `main` is woken. To wake it runs nothing \
             yet, it only asks the runtime to poll it again. The runtime does so.",
            "What `main` just did wakes the task `task()`: the runtime will poll it again.",
            "The task `task()` wakes itself: it asks to be polled again at once.",
            "`timeout(limit, handle)` is over, so `main` is woken, and the runtime polls it again.",
        ]
    );
}

/// Futures of one name are told apart by their line, and by their number.
#[test]
fn namesakes_are_told_apart() {
    let block = Recorded::new()
        .future("f(a)", Kind::Argument, 2, MAIN)
        .future("g()", Kind::Task, 3, MAIN)
        .future("f(a)", Kind::Argument, 4, MAIN)
        .future("g()", Kind::Task, 3, MAIN)
        .polled(MAIN)
        .made(1)
        .made(2)
        .made(3)
        .made(4)
        .done(MAIN)
        .block();
    for name in [
        "`f(a)` of line 2",
        "`f(a)` of line 4",
        "the task `g()` #1",
        "the task `g()` #2",
    ] {
        let said = sentences(&block).join("\n");
        assert!(said.contains(name), "{name} is missing in {said}");
    }
}

/// What is dropped again and again is counted; what is never dropped is named
/// where it stands at the end.
#[test]
fn the_picture_is_summed_up() {
    let recorded = (1..=5).fold(Recorded::new(), |recorded, _| {
        recorded.future("next()", Kind::Branch, 4, MAIN)
    });
    let often = recorded.polled(MAIN).times(5, |recorded, turn| {
        recorded
            .at(turn as u64)
            .polled(turn + 1)
            .suspended(turn + 1, 7, "x")
            .dropped(turn + 1, 7)
            .printed(MAIN, 3, "x\n")
    });
    assert_eq!(
        shows(&often.done(MAIN).block()),
        "`next()` is dropped 5 times, between 0 ms and 4 ms, suspended at line 7."
    );
    let never = Recorded::new()
        .future("f()", Kind::Body, 2, MAIN)
        .polled(MAIN)
        .polled(1)
        .suspended(1, 7, "x")
        .at(9)
        .done(MAIN);
    assert_eq!(
        shows(&never.block()),
        "No future is dropped: at the end, at 9 ms, `f()` is still suspended at line 7."
    );
    assert_eq!(
        shows(&Recorded::new().polled(MAIN).done(MAIN).block()),
        "No future is dropped before it is done; the last is done at 0 ms."
    );
}
