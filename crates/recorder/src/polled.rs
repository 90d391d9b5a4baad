//! The two futures that a recorded copy wraps around its own: [`Lane`] around
//! one that a reader can see, [`At`] around what a body waits for.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use recording::{Kind, What};

use crate::notebook::{Id, Life, depth, notebook, push, running, unwind_to};
use crate::waker::Wakers;

/// Gives `future` a lane of its own, made at this line of the listing.
pub fn lane<F: IntoFuture>(kind: Kind, name: &str, line: usize, future: F) -> Lane<F::IntoFuture> {
    let root = matches!(kind, Kind::Main | Kind::Task);
    Lane {
        id: notebook().make(kind, name, line, false),
        made: (kind, name.to_owned(), line),
        wakers: root.then(Wakers::default),
        future: future.into_future(),
        last: Last(None),
    }
}

/// Notes where the running body waits for `future`: at this line, in these
/// words of the listing.
pub fn at<F: IntoFuture>(line: usize, on: &'static str, future: F) -> At<F::IntoFuture> {
    At {
        owner: running(),
        site: (line, on),
        done: false,
        future: future.into_future(),
    }
}

pin_project! {
    /// A future whose polls and whose end are recorded. Made by [`lane`].
    pub struct Lane<F> {
        id: Option<Id>,
        made: (Kind, String, usize),
        // Of a future that the runtime polls.
        wakers: Option<Wakers>,
        #[pin]
        future: F,
        // After the future, so that it is dropped after it.
        last: Last,
    }

    impl<F> PinnedDrop for Lane<F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let Some(id) = *this.id else { return };
            let mut notebook = notebook();
            if notebook.lanes[id].life != Life::Over {
                notebook.dropped(id);
                // What its destructors do, it does.
                *this.last = Last(Some(depth()));
                push(id);
            }
        }
    }
}

/// The end of a drop: nothing of the future is left to act.
struct Last(Option<usize>);

impl Drop for Last {
    fn drop(&mut self) {
        if let Some(depth) = self.0 {
            unwind_to(depth);
        }
    }
}

/// Ends a poll, however it ends.
struct Polling {
    id: Id,
    depth: usize,
}

impl Drop for Polling {
    fn drop(&mut self) {
        unwind_to(self.depth);
        if std::thread::panicking() {
            let mut notebook = notebook();
            if notebook.lanes[self.id].life == Life::Running {
                notebook.end(self.id, What::Panicked);
            }
        }
    }
}

impl<F: Future> Future for Lane<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        // What was made before the recording began is seen when it is polled.
        let (kind, name, line) = &*this.made;
        *this.id = this
            .id
            .or_else(|| notebook().make(*kind, name, *line, false));
        let Some(id) = *this.id else {
            return this.future.poll(cx);
        };
        notebook().poll(id);
        let polling = Polling { id, depth: depth() };
        push(id);
        let polled = match this.wakers {
            None => this.future.poll(cx),
            Some(wakers) => {
                let waker = wakers.around(id, cx.waker());
                this.future.poll(&mut Context::from_waker(&waker))
            }
        };
        drop(polling);
        let mut notebook = notebook();
        match polled {
            Poll::Pending => notebook.suspend(id),
            Poll::Ready(_) => notebook.end(id, What::Done),
        }
        polled
    }
}

pin_project! {
    /// What a body waits for at one line. Made by [`at`].
    pub struct At<F> {
        owner: Option<Id>,
        site: (usize, &'static str),
        done: bool,
        #[pin]
        future: F,
    }

    impl<F> PinnedDrop for At<F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let Some(owner) = *this.owner else { return };
            let mut notebook = notebook();
            let lane = &notebook.lanes[owner];
            // The innermost goes first, so this is the first that is heard of
            // the end of a body that has no lane around it.
            if !*this.done && lane.bare && lane.life == Life::Suspended {
                notebook.dropped(owner);
                push(owner);
            }
        }
    }
}

impl<F: Future> Future for At<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(owner) = *this.owner else {
            return this.future.poll(cx);
        };
        {
            let mut notebook = notebook();
            let lane = &notebook.lanes[owner];
            if lane.bare && lane.life == Life::Suspended {
                notebook.poll(owner);
                push(owner);
            }
        }
        let polled = this.future.poll(cx);
        let mut notebook = notebook();
        let lane = &mut notebook.lanes[owner];
        match polled {
            // The place stays: what was joined with it may go on there.
            Poll::Ready(_) => *this.done = true,
            Poll::Pending => {
                lane.site = Some(*this.site);
                if lane.bare {
                    notebook.suspend(owner);
                    unwind_to(depth() - 1);
                }
            }
        }
        polled
    }
}
