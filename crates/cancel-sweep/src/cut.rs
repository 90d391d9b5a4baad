//! One run of a future to a chosen cancellation point.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Where a run of the operation ended. The numbers count suspensions: polls
/// that returned [`Poll::Pending`], the first of them 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Dropped before its first poll.
    NeverPolled,
    /// Dropped as soon as it had suspended this often, before anything else
    /// could run.
    Suspended(usize),
    /// Dropped after it had suspended this often and was woken, but before it
    /// was polled again: what it waited for had arrived, and it never looked.
    Woken(usize),
    /// Not cut: it completed, having suspended this often.
    Completed(usize),
    /// Dropped because nothing woke it from this suspension for as long as
    /// [`Sweep::patience`](crate::Sweep::patience) allows.
    Stuck(usize),
    /// Dropped because it suspended more often than
    /// [`Sweep::suspensions`](crate::Sweep::suspensions) allows.
    Endless(usize),
}

impl Cut {
    /// How often the future had suspended by then.
    pub fn suspensions(self) -> usize {
        match self {
            Self::NeverPolled => 0,
            Self::Suspended(n)
            | Self::Woken(n)
            | Self::Completed(n)
            | Self::Stuck(n)
            | Self::Endless(n) => n,
        }
    }

    /// Whether the run was cut where it was asked to be, and so a later point
    /// may exist.
    pub(crate) fn as_asked(self) -> bool {
        matches!(
            self,
            Self::NeverPolled | Self::Suspended(_) | Self::Woken(_)
        )
    }

    /// The cancellation point after this one.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Suspended(n) => Self::Woken(n),
            other => Self::Suspended(other.suspensions() + 1),
        }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = match self {
            Self::NeverPolled => "never polled".to_owned(),
            Self::Suspended(n) => format!("suspended {n}"),
            Self::Woken(n) => format!("woken {n}"),
            Self::Completed(n) => format!("completed after {n}"),
            Self::Stuck(n) => format!("stuck at {n}"),
            Self::Endless(n) => format!("endless, given up at {n}"),
        };
        f.pad(&said)
    }
}

/// How long a run may take before it is given up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The most suspensions of one run.
    pub suspensions: usize,
    /// The longest time from a suspension to the wake-up that ends it.
    pub patience: Duration,
}

/// Polls `future`, each time it is woken and never else, up to `target`, or
/// to its end if there is no target.
pub(crate) async fn drive(
    mut future: Pin<&mut impl Future<Output = ()>>,
    target: Option<Cut>,
    limits: Limits,
) -> Cut {
    if target == Some(Cut::NeverPolled) {
        return Cut::NeverPolled;
    }
    let bell = Bell::of_this_task().await;
    let waker = Waker::from(Arc::clone(&bell));
    let mut patience = pin!(sleep(limits.patience));
    let mut seen = 0;
    poll_fn(|cx| {
        if seen > 0 && !bell.rang() {
            return patience.as_mut().poll(cx).map(|()| Cut::Stuck(seen));
        }
        if target == Some(Cut::Woken(seen)) {
            return Poll::Ready(Cut::Woken(seen));
        }
        if future
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready()
        {
            return Poll::Ready(Cut::Completed(seen));
        }
        seen += 1;
        if target == Some(Cut::Suspended(seen)) {
            return Poll::Ready(Cut::Suspended(seen));
        }
        if seen > limits.suspensions {
            return Poll::Ready(Cut::Endless(seen));
        }
        patience.as_mut().reset(Instant::now() + limits.patience);
        patience.as_mut().poll(cx).map(|()| Cut::Stuck(seen))
    })
    .await
}

/// Tells a wake-up of the future from one of the timer beside it.
struct Bell {
    rang: AtomicBool,
    task: Waker,
}

impl Bell {
    async fn of_this_task() -> Arc<Self> {
        let task = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        let rang = AtomicBool::new(false);
        Arc::new(Self { rang, task })
    }

    fn rang(&self) -> bool {
        self.rang.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rang.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}
