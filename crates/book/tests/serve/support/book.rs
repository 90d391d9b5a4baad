//! A small book in a folder of its own; it goes when the test ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use tempfile::TempDir;

/// A book of two pages.
pub struct Book(TempDir);

impl Book {
    pub fn new() -> Self {
        let book = Self(TempDir::new().unwrap());
        book.write(
            "book.toml",
            "[book]\ntitle = \"Small\"\n[build]\ncreate-missing = false\n",
        );
        book.write(
            "src/SUMMARY.md",
            "# Summary\n\n- [One](one.md)\n- [Two](two/README.md)\n",
        );
        book.write("src/one.md", "# One\n\nthe first text\n");
        book.write("src/two/README.md", "# Two\n\nthe index of a folder\n");
        for folder in ["theme", "examples", "tests/claims", "tests/browser"] {
            fs::create_dir_all(book.path(folder)).unwrap();
        }
        book
    }

    /// A book with the configuration and the page template of the real one,
    /// whose pages all lie in one folder.
    pub fn with_real_theme() -> Self {
        let book = Self::new();
        book.write("src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n");
        let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        copy(&real.join("theme"), &book.path("theme"));
        fs::copy(real.join("book.toml"), book.path("book.toml")).unwrap();
        book
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts a pipe in the place of a file. Nobody writes to it, so a build that
    /// reads it never ends.
    pub fn hang(&self, file: &str) {
        // At a stroke, from a folder that nobody watches: the server must not
        // build the book without the file.
        let pipe = self.path("target/pipe");
        fs::create_dir_all(self.path("target")).unwrap();
        let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        fs::rename(pipe, self.path(file)).unwrap();
    }

    /// Sets the time of a file and nothing else.
    pub fn touch(&self, file: &str) {
        let file = fs::File::options()
            .write(true)
            .open(self.path(file))
            .unwrap();
        file.set_modified(SystemTime::now()).unwrap();
    }

    /// A file of so many zeros in the site, too many for the system's buffers.
    pub fn write_big(&self, file: &str, bytes: u64) {
        fs::File::create(self.path(file))
            .unwrap()
            .set_len(bytes)
            .unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
