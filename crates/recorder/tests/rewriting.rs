//! What the build script makes of a source: the same lines, with every future
//! and every `println!` dealt with, or an error that says what to do.

#[path = "../build/rewrite/mod.rs"]
mod rewrite;

use std::path::Path;
use std::{fs, iter};

use proc_macro2::{TokenStream, TokenTree};
use rewrite::{Error, Main, rewrite};

/// Every example and every program of these tests, by name, with its text.
fn sources() -> Vec<(String, String)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["../../examples", "tests/programs"];
    let files = folders.iter().flat_map(|folder| {
        let files = fs::read_dir(here.join(folder)).expect("the folder is there");
        files.map(|file| file.expect("it can be listed").path())
    });
    let texts = files.map(|file| {
        let text = fs::read_to_string(&file).expect("it is text");
        (file.display().to_string(), text)
    });
    let sources: Vec<_> = texts.collect();
    assert!(sources.len() > 100, "these are not all");
    sources
}

/// The copy, without the recorder's path, so that it can be read.
fn copy(source: &str) -> String {
    let copy = rewrite(source).expect("it can be rewritten");
    copy.text.replace("::recorder::", "")
}

/// The copy of what stands in an `async fn`.
fn body(source: &str) -> String {
    let copy = copy(&format!("async fn f() {{{source}}}"));
    let (_, inside) = copy
        .split_once("enter(\"f()\", 1); ")
        .expect("f is entered");
    inside.strip_suffix('}').expect("f ends").to_owned()
}

fn error(source: &str) -> Error {
    rewrite(source).expect_err("it cannot be rewritten")
}

/// Whether `copy` is `line` with something inserted.
fn is_inserted_into(copy: &str, line: &str) -> bool {
    let mut copy = copy.chars();
    line.chars().all(|wanted| copy.any(|found| found == wanted))
}

/// Nothing but insertions: each line of a copy holds all that the same line of
/// the source holds, in its order. Only what the recorder does in the
/// program's place is gone.
#[test]
fn every_line_stays_where_it_is() {
    const GONE: &[&str] = &["thread::sleep", "Runtime::new"];
    for (name, source) in sources() {
        let copy = rewrite(&source).unwrap_or_else(|error| panic!("{name}:{error}"));
        let (lines, copies) = (source.lines(), copy.text.lines());
        assert_eq!(lines.clone().count(), copies.clone().count(), "{name}");
        for (number, (line, copy)) in iter::zip(lines, copies).enumerate() {
            let kept = match GONE.iter().find_map(|gone| line.split_once(gone)) {
                _ if line.starts_with("#[tokio::main") => "",
                Some((_, rest)) => rest,
                None => line,
            };
            assert!(
                is_inserted_into(copy, kept),
                "{name}:{}: {line}\nbecame {copy}",
                number + 1
            );
        }
    }
}

/// A lane and a `println!` say the line on which they stand.
#[test]
fn every_line_is_said_as_it_is() {
    let mut checked = 0;
    for (name, source) in sources() {
        let copy = rewrite(&source).unwrap_or_else(|error| panic!("{name}:{error}"));
        let tokens = copy.text.parse().expect("a copy is Rust");
        checked += check_lines(&name, tokens);
    }
    assert!(checked > 300, "only {checked} were found");
}

/// Compares the lines that are said in these tokens with where they are said;
/// answers how many there are.
fn check_lines(name: &str, tokens: TokenStream) -> usize {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut checked = 0;
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        checked += check_lines(name, group.stream());
        let before = |back: usize| at.checked_sub(back).map(|at| tokens[at].to_string());
        let inside = group.stream().into_iter().collect::<Vec<_>>();
        let is_ours = |back| before(back).as_deref() == Some("recorder");
        // `recorder::lane(recorder::Kind::K, "name", LINE, …`, and
        // `recorder::println!(LINE, …`.
        let said = match (before(1).as_deref(), before(2).as_deref()) {
            (Some("lane"), _) if is_ours(4) => inside.iter().find(|token| is_number(token)),
            (Some("!"), Some("println" | "print")) if is_ours(5) => inside.first(),
            _ => continue,
        };
        let said = said.expect("it has a line").to_string();
        let line = tokens[at - 1].span().start().line;
        assert_eq!(said, line.to_string(), "{name}:{line}");
        checked += 1;
    }
    checked
}

fn is_number(token: &TokenTree) -> bool {
    token.to_string().parse::<usize>().is_ok()
}

/// The inner of two awaits is inside of the outer, and `?` stays behind both;
/// all of it stands behind the first statement of its body.
#[test]
fn awaits_are_nested() {
    assert_eq!(
        body("g(h()?.await?).await?"),
        r#"at(1, "g(h()?.await?)", g(at(1, "h()?", h()?).await?)).await?"#
    );
}

/// A chain over several lines names each `.await` by its own line.
#[test]
fn a_chain_waits_at_the_line_of_its_await() {
    assert_eq!(
        body("\na.b()\n  .await\n  .c(1)\n  .await\n"),
        "\nat(5, \"a.b().await.c(1)\", at(3, \"a.b()\", a.b())\n  .await\n  .c(1))\n  .await\n"
    );
}

/// `select!` gets an order, and a lane for each branch that is not lent; its
/// conditions, handlers and `else` are gone through.
#[test]
fn every_part_of_select_is_reached() {
    assert_eq!(
        body(
            "select! { Ok(x) = g(), if c().await => { d().await } _ = &mut h => {}, else => e().await }"
        ),
        "select! { biased;  Ok(x) = at(1, \"select!\", lane(Kind::Branch, \"g()\", 1, g())), \
         if at(1, \"c()\", c()).await => { at(1, \"d()\", d()).await } \
         _ = at(1, \"select!\", &mut h) => {}, else => at(1, \"e()\", e()).await }"
    );
}

/// A `select!` that says `biased;` itself does not get it twice.
#[test]
fn a_biased_select_stays_biased() {
    let copy = body("select! { biased; x = g() => x }");
    assert_eq!(copy.matches("biased;").count(), 1, "{copy}");
}

/// Each argument of `join!` and `try_join!` is a future of its own.
#[test]
fn what_is_joined_has_its_lane() {
    assert_eq!(
        body("join!(f(), g());"),
        "join!(at(1, \"join!\", lane(Kind::Joined, \"f()\", 1, f())), \
         at(1, \"join!\", lane(Kind::Joined, \"g()\", 1, g())));"
    );
    assert_eq!(
        body("try_join!(g())?"),
        r#"try_join!(at(1, "try_join!", lane(Kind::Joined, "g()", 1, g())))?"#
    );
}

/// What a variable holds has the lane that it was made with, and no second one;
/// a variable of that name in another place, or with something else in it, has.
#[test]
fn what_a_variable_holds_has_one_lane() {
    assert_eq!(
        body("let e = f(); join!(e);"),
        "let e = lane(Kind::Body, \"f()\", 1, f()); join!(at(1, \"join!\", e));"
    );
    let joined = r#"join!(at(1, "join!", lane(Kind::Joined, "e", 1, e)));"#;
    assert!(body("let e = f(); let e = g(); join!(e);").ends_with(joined));
    assert!(copy("async fn f() { let e = f(); } fn g() { join!(e); }").contains(joined));
}

/// An async closure is entered with and without a block.
#[test]
fn async_closures_are_entered() {
    assert_eq!(
        body("let c = async |n: u32| n;"),
        r#"let c = async |n: u32| { let _frame = enter("async closure", 1); n };"#
    );
    assert_eq!(
        body("let c = async move |n: u32| { n };"),
        r#"let c = async move |n: u32| { let _frame = enter("async closure", 1);  n };"#
    );
}

/// What an async closure calls is inside of what enters it.
#[test]
fn a_closure_that_is_one_call_is_entered_first() {
    assert_eq!(
        body("let c = async || f();"),
        "let c = async || { let _frame = enter(\"async closure\", 1); \
         lane(Kind::Body, \"f()\", 1, f()) };"
    );
}

/// A block with `move`, and a task that was a variable before it was spawned.
#[test]
fn what_is_spawned_is_a_task() {
    assert_eq!(
        body("let b = async move { 1 }; tokio::spawn(b); s.spawn(f());"),
        "let b = lane(Kind::Body, \"async block\", 1, \
         async move { let _frame = enter(\"async block\", 1);  1 }); \
         tokio::spawn(lane(Kind::Task, \"b\", 1, b)); \
         s.spawn(lane(Kind::Task, \"f()\", 1, f()));"
    );
}

/// What is printed is noted with its line, and what it waits for as well.
#[test]
fn awaits_in_what_is_printed_are_reached() {
    assert_eq!(
        body("println!(\"{}\", g().await); println!();"),
        r#"println!(1, "{}", at(1, "g()", g()).await); println!(1, );"#
    );
}

/// How the copy is run depends on `main`.
#[test]
fn a_main_is_found() {
    let main = |source| rewrite(source).expect("it can be rewritten").main;
    assert_eq!(
        main("\n#[tokio::main]\nasync fn main() {}"),
        Some(Main::Future(3))
    );
    assert_eq!(main("fn main() { Runtime::new(); }"), Some(Main::Plain));
    assert_eq!(main("fn main() {}"), None);
}

/// An attribute that makes the runtime is gone, and its lines are there.
#[test]
fn a_runtime_of_several_lines_leaves_its_lines() {
    let source = "#[tokio::main(\n    flavor = \"current_thread\"\n)]\nasync fn main() {}";
    let copy = rewrite(source).expect("it can be rewritten");
    assert_eq!(copy.main, Some(Main::Future(4)));
    let (attribute, main) = copy.text.rsplit_once('\n').expect("it has lines");
    assert_eq!((attribute.lines().count(), attribute.trim()), (3, ""));
    assert!(main.contains("async fn main"), "{main}");
}

/// What a macro hides is refused, by line and with a remedy, not left out.
#[test]
fn what_a_macro_hides_is_an_error() {
    for hidden in ["g().await", "async {}", "println!()"] {
        let source = format!("macro_rules! m {{\n    () => {{\n        {hidden}\n    }};\n}}\n");
        let error = error(&source);
        let (word, _) = hidden.split_once(['!', ' ', '\n']).unwrap_or(("await", ""));
        assert_eq!(error.line, 3, "{error}");
        assert!(error.message.contains(&format!("`{word}`")), "{error}");
        assert!(error.message.contains("unrecorded.toml"), "{error}");
    }
}

/// A `select!` that cannot be read is refused at its line.
#[test]
fn a_strange_select_is_an_error() {
    assert_eq!(error("async fn f() {\n    select! { g() }\n}").line, 2);
}

/// A source that is not Rust is refused at its line.
#[test]
fn what_is_not_rust_is_an_error() {
    let error = error("fn main() {}\n\nfn (\n");
    assert_eq!(error.line, 3, "{error}");
    assert!(error.to_string().contains("not Rust"), "{error}");
}
