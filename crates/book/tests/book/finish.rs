//! What is made of the pages so that they are found: the search's index, and
//! what a page says of itself.

use std::fs;

use mdbook_driver::MDBook;
use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::project::Project;

const CHAPTERS: &str = "- [The page](page.md)\n- [Other](other.md)\n- [Hidden](hidden.md)\n";

fn three_pages() -> Project {
    Project::new()
        .file("src/SUMMARY.md", CHAPTERS)
        .file(
            "src/other.md",
            "# The other\n\nWhat is `a::b`? It's \"this\" & `\"` more. A third sentence that is long \
             enough to leave no room for it in a description, which ends after some 160 signs and not later.\n\n\
             ## In `x::<T>`\n\nText.<script>no</script>\n\n### Below\n\n- one\n- two\n",
        )
        .file("src/hidden.md", "# Hidden\n\nNot searched.\n")
}

fn sections(script: &str) -> Value {
    let json = script
        .split_once("JSON.parse('")
        .and_then(|(_, rest)| rest.rsplit_once("')"));
    let json = json.expect("a script with JSON").0;
    let json = json.replace("\\'", "'").replace("\\\\", "\\");
    serde_json::from_str(&json).expect("JSON")
}

/// Every section with its place, its titles and its text; of a mark neither
/// the sign nor the card, and nothing of a page that is not to be searched.
#[test]
fn the_search_knows_every_section() {
    let project = three_pages();
    let config = "\n[output.html.search.chapter]\n\"hidden.md\" = { enable = false }\n";
    let toml = fs::read_to_string(project.path("book.toml")).expect("the configuration");
    let project = project.file("book.toml", &format!("{toml}{config}"));
    let index = sections(&project.built("searchindex.js"));
    let places = json!([
        "page.html#the-page",
        "other.html#the-other",
        "other.html#in-xt",
        "other.html#below",
    ]);
    assert_eq!(index["doc_urls"], places);
    let sections = &index["index"]["documentStore"]["docs"];
    let text = sections["0"]["body"].as_str().expect("a text");
    assert!(text.ends_with("It holds."), "{text}");
    assert!(text.contains("println!(\"hi\");"), "{text}");
    let expected = json!({
        "title": "In x::<T>", "body": "Text.", "breadcrumbs": "Other » In x::<T>",
    });
    assert_eq!(sections["2"], expected);
    let expected = json!({
        "title": "Below", "body": "one two", "breadcrumbs": "Other » In x::<T> » Below",
    });
    assert_eq!(sections["3"], expected);
}

/// Plain `mdbook build` makes an index in which the search finds what it needs
/// by the same names.
#[test]
fn mdbooks_own_index_has_the_same_form() {
    let project = Project::new();
    let ours = sections(&project.built("searchindex.js"));
    let mut book = MDBook::load(project.root()).expect("the book loads");
    book.with_preprocessor(book::preprocessor::CheckedBook::default());
    book.build().expect("the book builds");
    let files = fs::read_dir(project.path("book")).expect("the site");
    let mut paths = files.map(|file| file.expect("a file").path());
    let index = paths.find(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        name.starts_with("searchindex")
    });
    let theirs = fs::read_to_string(index.expect("an index")).expect("a text");
    let theirs = sections(&theirs);
    assert_eq!(ours["doc_urls"], theirs["doc_urls"]);
    let [ours, theirs] = [ours, theirs].map(|mut index| {
        let section = &mut index["index"]["documentStore"]["docs"]["0"];
        (section["title"].take(), section["breadcrumbs"].take())
    });
    assert_eq!(ours.0, theirs.0);
    assert!(ours.1.is_string() && theirs.1.is_string());
}

/// A description is the page's own first sentences, as far as they are short;
/// what must name a host is left out where nobody has named one.
#[test]
fn a_page_describes_itself() {
    let project = three_pages();
    let page = project.built("other.html");
    let description = "<meta name=\"description\" content=\
                       \"What is a::b? It’s “this” &amp; &quot; more.\">";
    let head = page.split("</head>").next().unwrap_or_default();
    assert!(head.contains(description), "{head}");
    assert!(
        !head.contains("canonical") && !head.contains("og:"),
        "{head}"
    );
    assert!(!project.path("site/sitemap.xml").exists());
}

/// Where the host is known, each page names its one address and its picture,
/// and the map names all of them; the first page is the site itself.
#[test]
fn a_page_names_its_address() {
    let project = three_pages();
    let site = project.path("site");
    let url = Some("https://example.org/some/book");
    book::site::publish(project.root(), &site, url).expect("the book builds");
    let read = |page: &str| fs::read_to_string(site.join(page)).expect("the page was built");
    for (page, address) in [
        ("index.html", "https://example.org/some/book/"),
        ("page.html", "https://example.org/some/book/"),
        ("other.html", "https://example.org/some/book/other.html"),
    ] {
        let html = read(page);
        let canonical = format!("<link rel=\"canonical\" href=\"{address}\">");
        assert!(
            html.contains(&canonical),
            "{page} does not have {canonical}"
        );
        let picture = "content=\"https://example.org/some/book/social.png\"";
        assert!(html.contains(picture), "{page} does not have {picture}");
    }
    let title = "<meta property=\"og:title\" content=\"The other\">";
    assert!(read("other.html").contains(title));
    assert!(read("404.html").contains("<base href=\"/some/book/\">"));
    assert_data_eq!(
        read("sitemap.xml"),
        str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://example.org/some/book/</loc></url>
<url><loc>https://example.org/some/book/other.html</loc></url>
<url><loc>https://example.org/some/book/hidden.html</loc></url>
</urlset>

"#]]
    );
}

/// A path alone is enough for 404.html, and names no host.
#[test]
fn a_path_is_an_address_too() {
    let project = Project::new();
    let site = project.path("site");
    book::site::publish(project.root(), &site, Some("/book/")).expect("the book builds");
    let page = fs::read_to_string(site.join("404.html")).expect("the page was built");
    assert!(page.contains("<base href=\"/book/\">"));
    assert!(!site.join("sitemap.xml").exists());
}

/// What is no address is refused, with what one looks like.
#[test]
fn no_address() {
    let project = Project::new();
    for url in [
        "example.org/book",
        "https://",
        "https:///book/",
        "/bo ok/",
        "ftp://x/",
    ] {
        let built = book::site::publish(project.root(), &project.path("site"), Some(url));
        let error = format!("{:#}", built.expect_err("this is no address"));
        assert!(
            error.contains(url) && error.contains("--site-url"),
            "{error}"
        );
    }
}

/// A README is the index of its folder, for the search as for the reader.
#[test]
fn a_readme_is_an_index() {
    let index = Project::new()
        .file(
            "src/SUMMARY.md",
            "- [The page](page.md)\n- [Two](two/README.md)\n",
        )
        .file("src/two/README.md", "# Two\n")
        .built("searchindex.js");
    assert_eq!(sections(&index)["doc_urls"][1], "two/index.html#two");
}
