//! Answers requests from the last good site, and from nothing else.
//!
//! `/_book/` belongs to the server, `/run/` to the [runs](crate::run), if there are
//! any; everything else is a file of the site.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED,
};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http_body_util::BodyExt;
use percent_encoding::percent_decode_str;
use tokio::fs;
use tokio::sync::watch::Receiver;
use tokio_util::sync::CancellationToken;
use tower_http::services::ServeDir;

use super::hosts::{Hosts, refuse_others};
use super::live;
use super::policy::add_headers;
use super::state::{Published, Site};
use crate::site;

/// The longest address that is read, in bytes. The book's own are below 200.
const LONGEST_ADDRESS: usize = 2048;

/// What a browser may do with a file whose name changes with it. After a save
/// it asks for the page alone.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// What every handler can reach.
#[derive(Clone)]
pub struct App {
    /// What the builder published last.
    pub published: Receiver<Published>,
    /// Cancelled when the server ends.
    pub stop: CancellationToken,
}

/// Everything the server answers, `run` included, to these `hosts`.
pub fn router(app: App, run: Router, hosts: Hosts) -> Router {
    Router::new()
        .route("/_book/live", get(live::events))
        .route("/_book/live.js", get(live::script))
        .route("/_book/live.css", get(live::style))
        .fallback(get(file))
        .with_state(app)
        .merge(run)
        .layer(from_fn(refuse_long_addresses))
        .layer(from_fn_with_state(hosts, refuse_others))
        .layer(map_response(add_headers))
}

async fn refuse_long_addresses(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or("", |it| it.as_str());
    if address.len() > LONGEST_ADDRESS {
        let message = format!("This address is longer than {LONGEST_ADDRESS} bytes.\n");
        return (StatusCode::URI_TOO_LONG, message).into_response();
    }
    next.run(request).await
}

/// A file of the site, or the page that says why there is no site yet.
async fn file(State(app): State<App>, request: Request) -> Response {
    let published = app.published.borrow().clone();
    match published.site {
        Some(site) => from_site(site, request).await,
        None => problem_page(&published),
    }
}

async fn from_site(site: Arc<Site>, mut request: Request) -> Response {
    if request.uri().path().strip_prefix('/') == Some(site::PRINT_FILE)
        && let Err(error) = site.print().await
    {
        return unreadable(&error);
    }
    if !is_inside(site.folder(), request.uri()).await {
        return not_found(&site).await;
    }
    let wanted = without_dates(request.headers_mut());
    let is_fixed = is_named_by_content(request.uri().path());
    // A page is changed on its way. The answer to HEAD is cut by the router.
    *request.method_mut() = Method::GET;
    let response = match ServeDir::new(site.folder()).try_call(request).await {
        Ok(response) if response.status() != StatusCode::NOT_FOUND => {
            match of_generation(response.map(Body::new), &site).await {
                Ok(response) => response,
                Err(error) => return unreadable(&error.into()),
            }
        }
        Ok(_) => return not_found(&site).await,
        Err(error) => return unreadable(&error.into()),
    };
    let mut response = tagged(response, &site, wanted);
    if is_fixed && response.status() == StatusCode::OK {
        response.headers_mut().insert(CACHE_CONTROL, FOR_EVER);
    }
    hold(response, site)
}

/// Whether a file's name has the hash of what is in it, as mdBook gives it to
/// styles and scripts: `general-1f0c2a9b.css`.
fn is_named_by_content(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the file that `uri` names lies in `folder`, once every `%2e` is
/// decoded and every symbolic link is followed.
async fn is_inside(folder: &Path, uri: &Uri) -> bool {
    let Ok(path) = percent_decode_str(uri.path()).decode_utf8() else {
        return false;
    };
    let relative = path.strip_prefix('/').unwrap_or(&path);
    let odd = |part: &str| part == ".." || part.contains(['\\', '\0']);
    // A second slash would make an address of another host out of a redirect.
    if relative.starts_with('/') || relative.split('/').any(odd) {
        return false;
    }
    let file = folder.join(relative);
    match (fs::canonicalize(folder).await, fs::canonicalize(file).await) {
        (Ok(folder), Ok(file)) => file.starts_with(folder),
        _ => false,
    }
}

/// Takes the conditions out of a request, and returns the tags of what the
/// browser has. See [`Site::tag`] for why not the dates.
fn without_dates(headers: &mut HeaderMap) -> Option<HeaderValue> {
    headers.remove(IF_MODIFIED_SINCE);
    headers.remove(IF_UNMODIFIED_SINCE);
    headers.remove(IF_NONE_MATCH)
}

/// Says which generation a file is of, and leaves the file out when the browser
/// has it already.
fn tagged(mut response: Response, site: &Site, wanted: Option<HeaderValue>) -> Response {
    response.headers_mut().remove(LAST_MODIFIED);
    let tag = site.tag();
    if response.status() != StatusCode::OK {
        return response;
    }
    if wanted.is_some_and(|tags| tags.to_str().is_ok_and(|tags| tags.contains(&tag))) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Tells a page its generation, which no file of a site knows.
async fn of_generation(response: Response, site: &Site) -> Result<Response, axum::Error> {
    let (mut head, body) = response.into_parts();
    let kind = head.headers.get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page || head.status != StatusCode::OK {
        return Ok(Response::from_parts(head, body));
    }
    let body = filled_in(body.collect().await?.to_bytes().into(), site);
    head.headers.insert(CONTENT_LENGTH, body.len().into());
    Ok(Response::from_parts(head, Body::from(body)))
}

/// A page with its generation.
fn filled_in(page: Vec<u8>, site: &Site) -> Vec<u8> {
    match String::from_utf8(page) {
        Ok(page) => page.replacen(site::GENERATION, site.generation(), 1).into(),
        Err(odd) => odd.into_bytes(),
    }
}

/// Ties the site to the body that is read from it: the site lives until the
/// body was sent to its end, or was dropped with its connection.
fn hold(response: Response, site: Arc<Site>) -> Response {
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _held = &site;
            frame
        }))
    })
}

/// The book's own page for what is not there.
async fn not_found(site: &Site) -> Response {
    match fs::read(site.folder().join("404.html")).await {
        Ok(page) => (StatusCode::NOT_FOUND, Html(filled_in(page, site))).into_response(),
        Err(_) => (StatusCode::NOT_FOUND, "There is no such page.\n").into_response(),
    }
}

fn unreadable(error: &anyhow::Error) -> Response {
    tracing::error!("a file of the site cannot be read: {error:#}");
    let message = "This file of the site cannot be read; the terminal says why.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
}

/// Shown while there is no good build to show.
fn problem_page(published: &Published) -> Response {
    let problem = published.problem.as_deref().unwrap_or_default();
    let page = include_str!("problem.html")
        .replace("GENERATION", &published.generation)
        .replace("PROBLEM", &escape(problem));
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, page).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
