//! A small book in a folder of its own, for one test, built up step by step.

use std::fs;
use std::path::{Path, PathBuf};

use book::preprocessor::CheckedBook;
use mdbook_driver::MDBook;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use tempfile::TempDir;

/// The folder; it goes when the test ends.
pub struct Project(TempDir);

impl Project {
    /// A book with one page, `page.md`, that shows the example `hello` and
    /// cites the claim `chapter::holds`. It builds as it is.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("theme")).expect("a folder for the theme");
        Self(folder)
            .file(
                "book.toml",
                "[book]\ntitle = \"A book\"\n[build]\ncreate-missing = false\n\
                 [preprocessor.checked]\ncommand = \"book preprocess\"\n\
                 before = [\"links\", \"index\"]\n",
            )
            .file("src/SUMMARY.md", "- [The page](page.md)\n")
            .page("# The page\n\n{{#example hello}}\n\nIt holds [✓](test:chapter::holds).\n")
            .file(
                "examples/hello.rs",
                "fn main() {\n    println!(\"hi\");\n}\n",
            )
            .file("tests/outputs/hello.txt", "hi\n")
            .file("tests/claims/main.rs", "mod chapter;\n")
            .file("tests/claims/chapter.rs", &claim("holds", "Two is two."))
    }

    /// Writes a file, its folders included.
    pub fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        let folder = path.parent().expect("a file has a folder");
        fs::create_dir_all(folder).expect("a new folder");
        fs::write(path, text).expect("a written file");
        self
    }

    /// Replaces the one page.
    pub fn page(self, text: &str) -> Self {
        self.file("src/page.md", text)
    }

    /// Adds to the one page.
    pub fn and(self, text: &str) -> Self {
        let page = fs::read_to_string(self.path("src/page.md")).expect("the page");
        self.page(&format!("{page}{text}"))
    }

    /// Removes a file.
    pub fn without(self, path: &str) -> Self {
        fs::remove_file(self.path(path)).expect("the file was there");
        self
    }

    /// A path in the project.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The book's root.
    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// Builds the site, and reads one of its pages.
    pub fn built(&self, page: &str) -> String {
        let site = self.path("site");
        book::site::publish(self.root(), &site, None).expect("the book builds");
        fs::read_to_string(site.join(page)).expect("the page was built")
    }

    /// The one page as our preprocessor hands it to mdBook.
    pub fn expanded(&self) -> String {
        let book = MDBook::load(self.root()).expect("the book loads");
        let context = PreprocessorContext::new(
            self.root().to_owned(),
            book.config.clone(),
            "html".to_owned(),
        );
        let book = CheckedBook::default()
            .run(&context, book.book)
            .expect("the book expands");
        let page = book.chapters().next().expect("a page");
        page.content.clone()
    }

    /// What the build says is wrong.
    pub fn error(&self) -> String {
        let built = book::site::publish(self.root(), &self.path("site"), None);
        format!("{:#}", built.expect_err("the book must not build"))
    }
}

/// The source of a passing test.
pub fn claim(name: &str, proves: &str) -> String {
    format!("/// {proves}\n#[test]\nfn {name}() {{\n    assert_eq!(2, 2);\n}}\n")
}
