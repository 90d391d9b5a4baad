//! Opens the book in a browser, where there is one.

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::thread;

/// Opens the book served at `address`. A comfort and no more: it never blocks,
/// and a browser that cannot be opened is no error.
pub fn open(address: SocketAddr) {
    if !has_display() {
        return;
    }
    let url = format!("http://{}", reachable(address));
    // A thread, because some systems make the caller wait for the browser.
    let opening = thread::Builder::new().spawn(move || {
        if let Err(error) = opener::open_browser(&url) {
            tracing::debug!("no browser: {error}");
        }
    });
    if let Err(error) = opening {
        tracing::debug!("no thread for the browser: {error}");
    }
}

/// Whether a browser has somewhere to appear. Without a display `xdg-open`
/// would start one that runs in the terminal.
fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos"))
        || ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
            .into_iter()
            .any(set)
}

/// "Every address of this machine" is none that a browser can open.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
