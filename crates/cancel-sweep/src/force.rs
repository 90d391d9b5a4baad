//! Suspensions that the real world would have, made to happen in a test.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::sleep;

/// Suspends once, and is woken at once.
///
/// Put it where the real code would wait for a disk, a database, a neighbour.
pub async fn suspend() {
    let mut suspended = false;
    poll_fn(|cx| {
        if suspended {
            return Poll::Ready(());
        }
        suspended = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Keeps `guard` for this long on the runtime's clock, in a task of its own,
/// then drops it.
///
/// The guard of a mutex makes a contended lock, the permit of a semaphore a
/// busy one, and the permits of a channel a channel that is full:
///
/// ```
/// # use std::time::Duration;
/// # use cancel_sweep::{Sweep, hold};
/// # use tokio::sync::mpsc;
/// let report = Sweep::new().recreate(
///     async || {
///         let (sender, receiver) = mpsc::channel(1);
///         let place = sender.clone().reserve_owned().await.unwrap();
///         hold(place, Duration::from_millis(10)); // full until then
///         (sender, receiver)
///     },
///     async |(sender, _)| sender.reserve().await.unwrap().send("letter"),
///     async |(sender, mut receiver)| {
///         drop(sender);
///         let mut letters = Vec::new();
///         while let Some(letter) = receiver.recv().await {
///             letters.push(letter);
///         }
///         letters
///     },
/// );
/// report.assert_safe();
/// ```
///
/// # Panics
///
/// When it is called outside of a Tokio runtime.
pub fn hold<G: Send + 'static>(guard: G, time: Duration) {
    tokio::spawn(async move {
        sleep(time).await;
        drop(guard);
    });
}

/// A reader or writer that suspends before every transfer and then lets only
/// a few bytes through, as a slow peer would.
///
/// Flushing suspends once as well, if anything was written since it last
/// ended, and so does shutting down.
#[derive(Debug)]
pub struct Drip<T> {
    inner: T,
    size: Size,
    reads: Turn,
    writes: Turn,
    flushes: Turn,
    shutdown: Turn,
    unflushed: bool,
}

/// Pending every other time.
#[derive(Debug, Default)]
struct Turn {
    suspended: bool,
}

impl Turn {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.suspended = !self.suspended;
        if self.suspended {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Hands on what the inner one says. Where that suspends by itself, its
    /// wake-up is the next turn.
    fn pass<R>(&mut self, answer: Poll<R>) -> Poll<R> {
        self.suspended = answer.is_pending();
        answer
    }
}

#[derive(Debug)]
enum Size {
    Fixed(usize),
    Random(fastrand::Rng),
}

impl<T> Drip<T> {
    /// One byte at a time.
    pub fn new(inner: T) -> Self {
        Self::by(inner, 1)
    }

    /// Up to `bytes` at a time.
    ///
    /// # Panics
    ///
    /// If `bytes` is zero.
    pub fn by(inner: T, bytes: usize) -> Self {
        assert!(bytes > 0, "a drip of no bytes never ends");
        Self::sized(inner, Size::Fixed(bytes))
    }

    /// One to eight bytes at a time, chosen by `seed`: the same for the same
    /// seed.
    pub fn seeded(inner: T, seed: u64) -> Self {
        Self::sized(inner, Size::Random(fastrand::Rng::with_seed(seed)))
    }

    fn sized(inner: T, size: Size) -> Self {
        Self {
            inner,
            size,
            reads: Turn::default(),
            writes: Turn::default(),
            flushes: Turn::default(),
            shutdown: Turn::default(),
            unflushed: false,
        }
    }

    /// What it wraps.
    pub fn get_ref(&self) -> &T {
        &self.inner
    }

    /// What it wraps.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// What it wraps.
    pub fn into_inner(self) -> T {
        self.inner
    }

    fn next_size(&mut self) -> usize {
        match &mut self.size {
            Size::Fixed(bytes) => *bytes,
            Size::Random(random) => random.usize(1..=8),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Drip<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.reads.poll(cx));
        let mut few = vec![0; self.next_size().min(buf.remaining())];
        let mut few = ReadBuf::new(&mut few);
        let read = Pin::new(&mut self.inner).poll_read(cx, &mut few);
        buf.put_slice(few.filled());
        self.reads.pass(read)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Drip<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.writes.poll(cx));
        self.unflushed = true;
        let few = self.next_size().min(buf.len());
        let written = Pin::new(&mut self.inner).poll_write(cx, &buf[..few]);
        self.writes.pass(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.unflushed {
            ready!(self.flushes.poll(cx));
        }
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.unflushed = flushed.is_pending();
        self.flushes.pass(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.shutdown.poll(cx));
        let shut = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.shutdown.pass(shut)
    }
}
