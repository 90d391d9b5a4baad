//! Wakers that note that their task was woken, and by whom.

use std::sync::Arc;
use std::task::{Wake, Waker};

use recording::What;

use crate::notebook::{Id, Life, notebook, running};

/// The recording waker of one task, kept from poll to poll, so that what
/// compares wakers finds the same one.
#[derive(Default)]
pub(crate) struct Wakers(Option<(Arc<Noting>, Waker)>);

struct Noting {
    id: Id,
    waker: Waker,
}

impl Wakers {
    /// The recording waker around the runtime's own.
    pub(crate) fn around(&mut self, id: Id, waker: &Waker) -> Waker {
        match &self.0 {
            Some((noting, made)) if noting.waker.will_wake(waker) => made.clone(),
            _ => {
                let noting = Arc::new(Noting {
                    id,
                    waker: waker.clone(),
                });
                let made = Waker::from(Arc::clone(&noting));
                self.0 = Some((noting, made.clone()));
                made
            }
        }
    }
}

impl Wake for Noting {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        {
            let mut notebook = notebook();
            let lane = &mut notebook.lanes[self.id];
            if lane.life != Life::Over && !lane.woken {
                lane.woken = true;
                notebook.note(Some(self.id), What::Woken { by: running() });
            }
        }
        self.waker.wake_by_ref();
    }
}
