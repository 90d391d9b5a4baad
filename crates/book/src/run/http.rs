//! What the server answers under `/run/`.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::stream::unfold;
use http_body_util::{BodyExt, Limited};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::Runner;
use super::crates;
use super::door::{Refusal, Token, may_read, may_run};
use super::event::Tell;
use super::job::Job;
use super::limits::{self, Limits};
use super::source::Program;

/// The longest body that is read. In JSON a byte can become six.
const LONGEST_BODY: usize = 6 * limits::SOURCE + 1024;

const TOO_LONG: Refusal = Refusal(
    StatusCode::PAYLOAD_TOO_LARGE,
    "A program may have 64 KiB, and this one has more.",
);

/// The two routes. See the [protocol](super).
pub fn routes(runner: Arc<Runner>) -> Router {
    Router::new()
        .route("/run/status", get(status))
        .route("/run/{name}", post(run))
        .with_state(runner)
}

#[derive(Serialize)]
struct Status<'a> {
    #[serde(flatten)]
    state: Crates,
    token: &'a Token,
    limits: Limits,
}

#[derive(Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum Crates {
    Preparing { compiled: usize },
    Ready,
    Broken { message: String },
}

async fn status(
    State(runner): State<Arc<Runner>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    may_read(&headers)?;
    let status = Status {
        state: match runner.supply.state() {
            crates::State::Preparing(compiled) => Crates::Preparing { compiled },
            crates::State::Ready(_) => Crates::Ready,
            crates::State::Broken(message) => Crates::Broken { message },
        },
        token: &runner.token,
        limits: runner.limits,
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(status)).into_response())
}

/// What a page asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    page: String,
    source: Option<String>,
}

async fn run(
    State(runner): State<Arc<Runner>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    may_run(request.headers(), &runner.token)?;
    let wish = read(request).await?;
    let program = Program::find(&runner.root, &name, wish.source).await;
    let program = program.map_err(|_| {
        Refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The program's file cannot be read.",
        )
    })?;
    let program = program.ok_or(Refusal(
        StatusCode::NOT_FOUND,
        "The book has no program of this name.",
    ))?;
    Ok(start(runner, &wish.page, program))
}

/// Reads the body, and of one that is too long nothing, or at most so much.
async fn read(request: Request) -> Result<Wish, Refusal> {
    let length = request.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > LONGEST_BODY) {
        return Err(TOO_LONG);
    }
    let body = Limited::new(request.into_body(), LONGEST_BODY);
    let bytes = body.collect().await.map_err(|_| TOO_LONG)?.to_bytes();
    let wish: Wish = serde_json::from_slice(&bytes).map_err(|_| {
        Refusal(
            StatusCode::BAD_REQUEST,
            "A run is asked for with `page` and `source`, and with nothing else.",
        )
    })?;
    if wish
        .source
        .as_ref()
        .is_some_and(|it| it.len() > limits::SOURCE)
    {
        return Err(TOO_LONG);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !(8..=64).contains(&wish.page.len()) || !wish.page.chars().all(allowed) {
        return Err(Refusal(
            StatusCode::BAD_REQUEST,
            "`page` has 8 to 64 letters, digits and hyphens.",
        ));
    }
    Ok(wish)
}

/// Starts a run, and answers with what becomes of it.
///
/// The run is a task of its own and not the response: dropping a response cannot
/// wait, and a run that is called off has things to give back. So the response
/// only holds a guard. When hyper drops it, because the page was closed or Stop
/// was pressed, the guard tells the run.
fn start(runner: Arc<Runner>, page: &str, program: Program) -> Response {
    let (sender, events) = unbounded_channel();
    let left = CancellationToken::new();
    let guard = left.clone().drop_guard();
    let job = Job {
        turn: runner.pages.enter(page),
        program,
        left,
        tell: Tell(sender),
        runner: Arc::clone(&runner),
    };
    runner.tasks.spawn(job.run());
    let lines = unfold((events, guard), |(mut events, guard)| async {
        let event = events.recv().await?;
        let mut line = serde_json::to_vec(&event).ok()?;
        line.push(b'\n');
        Some((Ok::<_, Infallible>(Bytes::from(line)), (events, guard)))
    });
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(lines)).into_response()
}
