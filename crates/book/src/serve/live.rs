//! Tells the open pages what is served now, by server-sent events, and hands
//! them the script that listens.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{Stream, unfold};
use tokio::sync::watch::Receiver;
use tokio_util::sync::CancellationToken;

use super::http::App;
use super::state::Published;

/// How soon a browser comes back after the server went away.
const RETRY: Duration = Duration::from_millis(500);

/// The state now, and again whenever it changes.
///
/// Nothing here notices when the page is closed. It need not: hyper drops the
/// response, the response drops this stream, and the receiver is gone.
pub async fn events(
    State(app): State<App>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut published = app.published;
    published.mark_changed();
    let stream = unfold((published, app.stop), |(mut published, stop)| async {
        let event = next(&mut published, &stop).await?;
        Some((Ok(event), (published, stop)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// The next change, or `None` when the server stops. A graceful shutdown waits
/// for every response, so one without an end has to end itself. `changed` is
/// cancel-safe: a change that was not handed out yet is still there next time.
async fn next(published: &mut Receiver<Published>, stop: &CancellationToken) -> Option<Event> {
    stop.run_until_cancelled(published.changed()).await?.ok()?;
    let state = published.borrow_and_update().to_string();
    Some(Event::default().retry(RETRY).data(state))
}

/// The script that renews a page and shows what is wrong.
pub async fn script() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, include_str!("live.js"))
}

/// What the problem looks like, over a page and on a page of its own.
pub async fn style() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, include_str!("live.css"))
}
