//! One run a page: a new one takes the place of the one before.
//!
//! Pressing Run again means "this instead". So the new run cancels the old, and
//! then waits until the old has really ended: cancelling is asking, and between
//! the question and the end a compiler may still be writing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Mutex as AsyncMutex;
use tokio_util::sync::CancellationToken;

/// The pages that have a run, by the name that each drew at random.
#[derive(Debug, Default)]
pub struct Pages(Mutex<HashMap<String, Newest>>);

#[derive(Debug)]
struct Newest {
    replaced: CancellationToken,
    /// Held by the page's run until it has ended.
    running: Arc<AsyncMutex<()>>,
}

/// A page's newest run, from when it was asked for to its end.
#[derive(Debug)]
pub struct Turn {
    page: String,
    pages: Arc<Pages>,
    /// Cancelled when the page asks for another run.
    pub replaced: CancellationToken,
    /// To be locked before the run begins, and until it has ended.
    pub running: Arc<AsyncMutex<()>>,
}

impl Pages {
    /// Makes a run the newest of its page, and cancels the one before.
    pub fn enter(self: &Arc<Self>, page: &str) -> Turn {
        let replaced = CancellationToken::new();
        let mut pages = self.lock();
        let running = match pages.get(page) {
            Some(before) => {
                before.replaced.cancel();
                Arc::clone(&before.running)
            }
            None => Arc::default(),
        };
        pages.insert(
            page.to_owned(),
            Newest {
                replaced: replaced.clone(),
                running: Arc::clone(&running),
            },
        );
        Turn {
            page: page.to_owned(),
            pages: Arc::clone(self),
            replaced,
            running,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Newest>> {
        // Whoever panicked with the map in hand left it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    /// Forgets the page, unless it has a newer run.
    fn drop(&mut self) {
        let mut pages = self.pages.lock();
        if !self.replaced.is_cancelled() {
            pages.remove(&self.page);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A newer run cancels the older of its page and of no other, and begins when
    /// the older has ended.
    #[tokio::test]
    async fn a_newer_run_waits_for_the_older() {
        let pages = Arc::new(Pages::default());
        let (other, older) = (pages.enter("other"), pages.enter("page"));
        let held = Arc::clone(&older.running).lock_owned().await;
        let newer = pages.enter("page");
        assert!(older.replaced.is_cancelled());
        assert!(!other.replaced.is_cancelled());
        assert!(newer.running.try_lock().is_err());
        drop((held, older));
        assert!(newer.running.try_lock().is_ok());
        assert!(!newer.replaced.is_cancelled());
    }

    /// A page whose runs have ended is forgotten.
    #[test]
    fn an_ended_page_is_forgotten() {
        let pages = Arc::new(Pages::default());
        let older = pages.enter("page");
        let newer = pages.enter("page");
        drop(older);
        assert_eq!(pages.lock().len(), 1);
        drop(newer);
        assert_eq!(pages.lock().len(), 0);
    }
}
