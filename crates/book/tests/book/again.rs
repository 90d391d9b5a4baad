//! A site that is made after a save, from what was kept of the last, is that
//! which a press makes that has kept nothing: every file of it, to the byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use book::evidence::{Evidence, Outcome, fingerprint};
use book::site::{self, Press, PrintPage};
use tempfile::TempDir;
use walkdir::WalkDir;

use super::project::{Project, claim};

const SHOWN: &str = "select_drops_the_loser";
const RECORDING: &str = "tests/recordings/select_drops_the_loser.json";

/// A book of five pages, with the real theme and an example of the real book.
fn project() -> Project {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut project = Project::new();
    let named = [
        format!("examples/{SHOWN}.rs"),
        format!("tests/outputs/{SHOWN}.txt"),
        RECORDING.to_owned(),
    ];
    let theme = WalkDir::new(real.join("theme")).into_iter().flatten();
    let theme = theme.filter(|entry| entry.file_type().is_file());
    let theme = theme.map(|entry| entry.path().strip_prefix(&real).unwrap().to_owned());
    for file in theme.chain(named.iter().map(PathBuf::from)) {
        let text = fs::read_to_string(real.join(&file)).unwrap();
        project = project.file(file.to_str().unwrap(), &text);
    }
    project
        .file("book.toml", &fs::read_to_string(real.join("book.toml")).unwrap())
        .file(
            "src/SUMMARY.md",
            "- [The page](page.md)\n- [Another](another.md)\n- [Glossary](glossary.md)\n- [Claims](claims.md)\n- [Handout](handout.md)\n",
        )
        .and(&format!("\nIt is [there](another.md#there), and a *future*.\n\n{{{{#example {SHOWN}}}}}\n"))
        .file("src/another.md", "# Another\n\n## There\n\nA future of its own.\n\n{{#include note.md}}\n\n<!-- ANCHOR: part -->\nA part for others.\n<!-- ANCHOR_END: part -->\n")
        .file("src/handout.md", "# Handout\n\n{{#taken another.md:part}}\n")
        .file("src/note.md", "A note.\n")
        .file("src/glossary.md", "# Glossary\n\nfuture\n: A value that is not there yet.\n")
        .file("src/claims.md", "# Claims\n\n{{#claims}}\n")
}

/// The files of a site, the page for printing included.
fn files(print: Option<PrintPage>, site: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    if let Some(print) = print {
        print.make().expect("a page for printing");
    }
    let files = WalkDir::new(site).into_iter().flatten();
    let files = files.filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let name = entry.path().strip_prefix(site).unwrap().to_owned();
        (name, fs::read(entry.path()).unwrap())
    };
    files.map(read).collect()
}

/// A site, and whether only its pages had to be made; or what is wrong.
type Made = Result<(bool, BTreeMap<PathBuf, Vec<u8>>), String>;

/// A book, and the press that makes its site after each change.
struct Author {
    project: Project,
    press: Press,
    sites: TempDir,
    made: usize,
    last: BTreeMap<PathBuf, Vec<u8>>,
}

impl Author {
    fn new() -> Self {
        let project = project();
        let mut author = Self {
            press: Press::new(project.root()),
            project,
            sites: tempfile::tempdir().unwrap(),
            made: 0,
            last: BTreeMap::new(),
        };
        author.is_as_made_afresh("at the start", false);
        author
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.project.path(file)).unwrap()
    }

    /// Saves a file with one text in the place of another.
    fn replace(&mut self, file: &str, from: &str, to: &str) -> &mut Self {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        self.save(file, &text.replace(from, to))
    }

    fn save(&mut self, file: &str, text: &str) -> &mut Self {
        let path = self.project.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self.press.changed(&[file.into()]);
        self
    }

    /// Makes the site, by what was kept and afresh.
    fn both(&mut self) -> (Made, Made) {
        self.made += 1;
        let [again, afresh] =
            ["again", "afresh"].map(|name| self.sites.path().join(format!("{name}-{}", self.made)));
        let said = |error: anyhow::Error| format!("{error:#}");
        let mut new = Press::new(self.project.root());
        let make = |press: &mut Press, site: &Path| {
            let print = site::serve(press, site).map_err(said)?;
            Ok((print.is_some(), files(print, site)))
        };
        (make(&mut self.press, &again), make(&mut new, &afresh))
    }

    /// The site is the same both ways, and another than before; `quickly` if
    /// only pages had to be made.
    fn is_as_made_afresh(&mut self, change: &str, quickly: bool) {
        let (again, afresh) = self.both();
        let (was_quick, again) = again.unwrap_or_else(|error| panic!("{change}: {error}"));
        let (_, afresh) = afresh.expect("the book builds");
        assert_eq!(
            again.keys().collect::<Vec<_>>(),
            afresh.keys().collect::<Vec<_>>(),
            "{change}"
        );
        for (name, content) in &again {
            let (content, afresh) = (
                String::from_utf8_lossy(content),
                String::from_utf8_lossy(&afresh[name]),
            );
            assert!(
                content == afresh,
                "{change}: {} differs from\n{afresh}\nit is\n{content}",
                name.display()
            );
        }
        assert!(
            again != self.last,
            "{change}: nothing has changed, so nothing is proved"
        );
        assert_eq!(was_quick, quickly, "{change}");
        self.last = again;
    }

    /// The book does not build, for the same reason both ways.
    fn is_refused(&mut self, reason: &str) {
        let (again, afresh) = self.both();
        let error = again.map(drop).expect_err("the book must not build");
        assert!(error.contains(reason), "{error}");
        assert_eq!(
            error,
            afresh.map(drop).expect_err("the book must not build")
        );
    }
}

/// What changes in a page, and what other pages say of it: a link to a heading
/// that has another name is refused, and a sentence with a mark stands in the
/// list of claims.
#[test]
fn a_page_that_changes() {
    let mut book = Author::new();
    book.replace("src/another.md", "of its own", "of nobody")
        .is_as_made_afresh("prose", true);
    book.replace("src/page.md", "It holds", "It always holds")
        .is_as_made_afresh("a claim, on the first page", true);
    book.replace(
        "src/another.md",
        "of nobody",
        "of all [✓](test:chapter::holds)",
    )
    .is_as_made_afresh("a mark", true);
    book.replace("src/another.md", "for others", "for another page")
        .is_as_made_afresh("what another page takes", true);
    book.replace("src/glossary.md", "not there", "not here")
        .is_as_made_afresh("a definition", true);
    book.replace(
        "src/glossary.md",
        "\nfuture\n",
        "\nall\n: A word of another page.\n\nfuture\n",
    )
    .is_as_made_afresh("a term", true);

    book.replace("src/another.md", "## There", "## Elsewhere")
        .is_refused("src/page.md:7: the link `another.html#there`");
    book.replace("src/page.md", "#there", "#elsewhere")
        .is_as_made_afresh("a link to a new heading", true);
    book.replace("src/page.md", "test:chapter::holds", "test:chapter::hold")
        .is_refused("src/page.md:5");
    book.replace("src/page.md", "test:chapter::hold", "test:chapter::holds");
    book.replace("src/another.md", "of all", "of many")
        .is_as_made_afresh("a mark mended", true);
}

/// Whatever else changes may change every page.
#[test]
fn anything_else_that_changes() {
    let mut book = Author::new();
    book.replace(&format!("examples/{SHOWN}.rs"), "//!", "//! Changed:")
        .is_as_made_afresh("an example", false);
    book.save(&format!("tests/outputs/{SHOWN}.txt"), "other\n")
        .is_as_made_afresh("an output", false);
    book.replace(RECORDING, "fast done", "quickly done")
        .is_as_made_afresh("a recording", false);
    book.save(
        "tests/claims/chapter.rs",
        &claim("holds", "Three is three."),
    )
    .is_as_made_afresh("a test", false);
    book.save("src/note.md", "Another note.\n")
        .is_as_made_afresh("an included file", false);
    book.replace("src/SUMMARY.md", "Another", "The other")
        .is_as_made_afresh("a title", false);
    book.save("src/third.md", "# Third\n");
    book.replace(
        "src/SUMMARY.md",
        "- [Glossary]",
        "- [Third](third.md)\n- [Glossary]",
    )
    .is_as_made_afresh("a new page", false);
    book.replace("theme/css/general.css", "body", "body, x")
        .is_as_made_afresh("the theme", false);
    book.replace("src/third.md", "Third", "The third")
        .is_as_made_afresh("prose after all that", true);
}

/// The evidence is of the sources as they are, and of the last run.
#[test]
fn evidence_that_changes() {
    let mut book = Author::new();
    let root = book.project.root().to_owned();
    let evidence = |book: &mut Author, outcome| {
        let evidence = Evidence {
            sources: fingerprint(&root).unwrap(),
            finished: jiff::Timestamp::UNIX_EPOCH,
            tokio: "1".to_owned(),
            rustc: "rustc 1".to_owned(),
            outcomes: BTreeMap::from([("chapter::holds".to_owned(), outcome)]),
        };
        evidence.store(&root).unwrap();
        book.press.changed(&["target/evidence/latest.json".into()]);
    };
    evidence(&mut book, Outcome::Passed);
    book.is_as_made_afresh("the evidence", false);
    evidence(&mut book, Outcome::Failed);
    book.is_as_made_afresh("another outcome", false);
    book.replace("src/another.md", "of its own", "of nobody")
        .is_as_made_afresh("prose beside evidence", true);
    book.replace(&format!("examples/{SHOWN}.rs"), "//!", "//! Changed:")
        .is_as_made_afresh("a source that nobody has run", false);
}

/// Links to documentation are held against the lock, in pages and beside them.
#[test]
fn documentation_that_changes() {
    let example = format!("examples/{SHOWN}.rs");
    let lock = |version: &str| format!("[[package]]\nname = \"tokio\"\nversion = \"{version}\"\n");
    let mut book = Author::new();
    book.save("Cargo.lock", &lock("1.0.0"))
        .replace(&example, "//!", "//! https://docs.rs/tokio/1.0.1\n//!")
        .is_refused("select_drops_the_loser.rs:1: `https://docs.rs/tokio/1.0.1`");
    book.replace(&example, "1.0.1", "1.0.0")
        .is_as_made_afresh("a link to the locked version", false);
    book.replace(
        "src/another.md",
        "of its own",
        "<https://docs.rs/tokio/1.0.1>",
    )
    .is_refused("src/another.md:5: `https://docs.rs/tokio/1.0.1`");
    book.save("Cargo.lock", &lock("1.0.1"))
        .is_refused("select_drops_the_loser.rs:1: `https://docs.rs/tokio/1.0.0`");
    book.replace(&example, "1.0.0", "1.0.1")
        .is_as_made_afresh("another lock", false);
}

/// What changed together with a mistake is not forgotten when that is mended.
#[test]
fn a_change_beside_a_mistake() {
    let mut book = Author::new();
    book.replace("theme/css/general.css", "body", "body, x");
    book.replace("src/page.md", "#there", "#nowhere")
        .is_refused("src/page.md:7");
    book.replace("src/page.md", "#nowhere", "#there")
        .is_as_made_afresh("mended", false);
    book.replace("src/page.md", "there", "somewhere");
    fs::rename(
        book.project.path("src/another.md"),
        book.project.path("src/gone.md"),
    )
    .unwrap();
    book.press
        .changed(&["src/another.md".into(), "src/gone.md".into()]);
    book.is_refused("src/SUMMARY.md:2");
}
