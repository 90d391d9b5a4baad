//! The shapes of the picture, as the data of paths: one path holds all shapes
//! of a class.

/// The height of a bar.
pub(super) const BAR: i32 = 18;

pub(super) fn rect(x: i32, y: i32, width: i32, height: i32) -> String {
    format!("M{x} {y}h{width}v{height}h-{width}z")
}

pub(super) fn circle(x: i32, y: i32, radius: i32) -> String {
    let r = radius;
    format!(
        "M{} {y}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0-{} 0z",
        x - r,
        2 * r,
        2 * r
    )
}

/// A tick around the middle of a circle.
pub(super) fn tick(x: i32, y: i32) -> String {
    format!("M{} {y}l3 4l6-8", x - 4)
}

pub(super) fn cross(x: i32, y: i32) -> String {
    format!("M{} {}l14 16m0-16l-14 16", x - 7, y - 8)
}

/// A star with seven points.
pub(super) fn burst(x: i32, y: i32) -> String {
    format!(
        "M{x} {}l3 6l7-2l-3 6l6 4l-7 2l0 7l-6-4l-6 4l0-7l-7-2l6-4l-3-6l7 2z",
        y - 12
    )
}

pub(super) fn diamond(x: i32, y: i32) -> String {
    format!("M{} {y}l5-6l5 6l-5 6z", x - 5)
}

/// An arrow from one height to another.
pub(super) fn arrow(x: i32, from: i32, to: i32) -> String {
    let back = if from < to { -5 } else { 5 };
    format!("M{x} {from}V{to}m-4 {back}l4 {}l4 {back}", -back)
}
