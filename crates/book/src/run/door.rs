//! Who may ask for a run.
//!
//! A run is whatever was sent, with all that this user may do. Every page in the
//! reader's browser can send requests to this machine, so what is sent has to show
//! that it comes from a page of this book:
//!
//! - It knows the secret of this start. Only a page of this origin can have read
//!   it: without CORS headers a browser hides our answers from all others.
//! - Its `Origin`, which no script can set, is the host that it was sent to. Which
//!   [hosts](crate::serve) those can be has been looked at before.
//! - It says that it is JSON. A form cannot, and a script of another origin would
//!   have to ask first, and is not answered.

use std::fmt::Write;

use anyhow::{Result, anyhow};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, ORIGIN};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use subtle::ConstantTimeEq;

/// The header with the secret.
const TOKEN: HeaderName = HeaderName::from_static("run-token");

/// What a browser says about who has sent a request.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The secret of one start.
#[derive(Debug, Serialize)]
pub struct Token(String);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .map_err(|error| anyhow!("the system gives no randomness: {error}"))?;
        let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Ok(Self(hex))
    }

    /// In a time that tells nothing of how much of it is right.
    fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

/// Why a request is not answered as it wishes.
#[derive(Debug)]
pub struct Refusal(pub StatusCode, pub &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, format!("{}\n", self.1)).into_response()
    }
}

/// Whether a request may read the secret. A browser says of what another site has
/// sent that it has; from others it is hidden anyway.
///
/// # Errors
/// When it may not.
pub fn may_read(headers: &HeaderMap) -> Result<(), Refusal> {
    match one(headers, &FETCH_SITE) {
        Ok(site) if site != "same-origin" => Err(Refusal(
            StatusCode::FORBIDDEN,
            "Only the book's own pages may ask this.",
        )),
        _ => Ok(()),
    }
}

/// Whether a request may run a program.
///
/// # Errors
/// When it may not.
pub fn may_run(headers: &HeaderMap, token: &Token) -> Result<(), Refusal> {
    may_read(headers)?;
    let host = one(headers, &HOST)?;
    if one(headers, &ORIGIN)? != format!("http://{host}") {
        return Err(Refusal(
            StatusCode::FORBIDDEN,
            "Only the book's own pages may run programs.",
        ));
    }
    if !token.is(one(headers, &TOKEN)?.as_bytes()) {
        return Err(Refusal(
            StatusCode::FORBIDDEN,
            "This page is of an earlier start of the server; reload it.",
        ));
    }
    let kind = one(headers, &CONTENT_TYPE)?;
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Refusal(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "A run is asked for in JSON.",
        ));
    }
    Ok(())
}

/// The value of a header that is there once, and is text.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(|value| value.to_str()), values.next()) {
        (Some(Ok(value)), None) => Ok(value),
        _ => Err(Refusal(
            StatusCode::FORBIDDEN,
            "Only the book's own pages may ask for this: a header is missing.",
        )),
    }
}
