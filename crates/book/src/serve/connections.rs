//! Takes connections and serves each in a task of its own, until told to stop.
//!
//! `axum::serve` has a graceful shutdown too, but it waits for ever: giving up
//! on it leaves its connections running, since they are detached tasks. These
//! are owned by [`Shutdown`].

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::shutdown::Shutdown;

/// Serves `router` until [`Shutdown::stop`]. Returns at once then; the
/// connections that are left end by themselves or are cut.
pub async fn serve(listener: TcpListener, router: Router, shutdown: &Shutdown) {
    loop {
        // Nothing is lost with the branch that loses: `accept` is cancel-safe.
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                shutdown
                    .tasks
                    .spawn(connection(stream, router.clone(), shutdown.stop.clone()));
            }
            Err(error) => {
                // Too many open files, most likely: some will be closed soon.
                tracing::warn!("a connection could not be taken: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Serves one connection to its end. When told to stop it finishes the request
/// in flight, if there is one, and takes no other.
async fn connection(stream: TcpStream, router: Router, stop: CancellationToken) {
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
    );
    // `&mut`: losing this race must not drop the connection.
    let ended = tokio::select! {
        result = &mut connection => result,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended badly: {error}");
    }
}
