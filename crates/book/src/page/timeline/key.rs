//! What the shapes mean, for the first picture of a page.

use super::shapes::{arrow, circle, cross, diamond, rect, tick};

/// The key; `id` is that of the block, whose hatching it borrows.
pub(super) fn key(id: &str) -> String {
    let (bar, hatched) = (rect(1, 3, 24, 14), rect(1, 4, 24, 12));
    let shapes = [
        (path("polled", &bar), "being polled"),
        (
            format!("<path class=\"hatched\" fill=\"url(#{id}-h)\" d=\"{hatched}\"/>"),
            "suspended at a line",
        ),
        (path("made", &hatched), "made, not yet polled"),
        (path("wake", &arrow(13, 2, 18)), "woken"),
        (
            path("done", &circle(13, 10, 9)) + &path("tick", &tick(13, 10)),
            "done",
        ),
        (path("drop", &cross(13, 10)), "dropped"),
        (path("destructor", &diamond(13, 10)), "a destructor runs"),
    ];
    let entries = shapes.map(|(shape, words)| {
        format!("<span><svg viewBox=\"0 0 26 20\" width=\"26\" height=\"20\">{shape}</svg> {words}</span>")
    });
    format!(
        "<p class=\"key\" aria-hidden=\"true\">{}</p>\n",
        entries.concat()
    )
}

fn path(class: &str, data: &str) -> String {
    format!("<path class=\"{class}\" d=\"{data}\"/>")
}
