//! Which names the server answers to.
//!
//! A browser lets a page read whatever its own origin serves, and an origin is a
//! name. Whoever owns a name can let it mean this machine, at the moment when his
//! page has loaded from elsewhere (*DNS rebinding*): then his page may read what we
//! serve, the secret of [runs](crate::run) included. But the browser says which
//! name it asked. An address is no name, and `localhost` is nobody's.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What a request's `Host` may be.
#[derive(Debug, Clone, Copy)]
pub enum Hosts {
    /// This machine as it knows itself, at this port.
    Loopback(u16),
    /// An address, whichever others know it by.
    Addresses,
    /// Anything. Then there must be nothing to protect.
    Any,
}

impl Hosts {
    fn include(self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else {
            return matches!(self, Self::Any);
        };
        let name = authority.host();
        let ip = name
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>();
        let port = authority.port_u16().unwrap_or(80);
        let is_bare = !host.contains('@');
        match self {
            Self::Loopback(ours) => {
                let is_ours =
                    name.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback());
                is_bare && is_ours && port == ours
            }
            Self::Addresses => is_bare && (ip.is_ok() || name.eq_ignore_ascii_case("localhost")),
            Self::Any => true,
        }
    }
}

/// Refuses what was sent to another name.
pub async fn refuse_others(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(HOST).iter();
    let host = named.next().and_then(|host| host.to_str().ok());
    let is_ours = host.is_some_and(|host| hosts.include(host)) && named.next().is_none();
    // `GET http://name/ HTTP/1.1` names it a second time.
    let absolute = request.uri().authority();
    let is_ours = is_ours && absolute.is_none_or(|authority| hosts.include(authority.as_str()));
    if is_ours || matches!(hosts, Hosts::Any) {
        return next.run(request).await;
    }
    let message = match hosts {
        Hosts::Loopback(port) => {
            format!("This book is served at http://127.0.0.1:{port}/ and at no other name.\n")
        }
        _ => "This book is served at the address of its machine, and at no name.\n".to_owned(),
    };
    (StatusCode::MISDIRECTED_REQUEST, message).into_response()
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    /// On the loopback only names of this machine are answered, at our port;
    /// where others are served, only addresses, which nobody can rebind.
    #[test]
    fn only_what_nobody_owns_is_ours() {
        let loopback = |host| Hosts::Loopback(3000).include(host);
        let addresses = |host| Hosts::Addresses.include(host);
        for host in [
            "127.0.0.1:3000",
            "localhost:3000",
            "LOCALHOST:3000",
            "[::1]:3000",
            "127.1.2.3:3000",
        ] {
            assert!(loopback(host), "{host}");
            assert!(addresses(host), "{host}");
        }
        for host in ["127.0.0.1", "127.0.0.1:3001", "192.168.0.7:3000"] {
            assert!(!loopback(host), "{host}");
            assert!(addresses(host), "{host}");
        }
        for host in [
            "",
            "evil.example:3000",
            "localhost.evil.example:3000",
            "127.0.0.1.evil.example:3000",
            "evil@127.0.0.1:3000",
            "127.0.0.1:3000:3000",
            "127.0.0.1:3000, evil.example",
        ] {
            assert!(!loopback(host), "{host}");
            assert!(!addresses(host), "{host}");
        }
    }
}
