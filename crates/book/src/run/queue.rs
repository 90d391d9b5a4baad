//! The line in which runs wait for each other.
//!
//! All that there is to know is a list of who is in it, in the order in which
//! they came: the first few may run. A [`Place`] in the list is a guard. However a
//! run ends, by itself or dropped at any `.await`, in the line or out of it, its
//! place is gone with it and the others move up. There is no count that somebody
//! could forget to lower.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::watch;

/// The line.
#[derive(Debug)]
pub struct Queue {
    at_once: usize,
    line: watch::Sender<Line>,
}

#[derive(Debug, Default)]
struct Line {
    places: VecDeque<u64>,
    next: u64,
}

impl Queue {
    /// A line whose first `at_once` may run.
    pub fn new(at_once: usize) -> Arc<Self> {
        Arc::new(Self {
            at_once,
            line: watch::Sender::default(),
        })
    }

    /// Takes the last place.
    pub fn join(self: &Arc<Self>) -> Place {
        let mut number = 0;
        self.line.send_modify(|line| {
            number = line.next;
            line.next += 1;
            line.places.push_back(number);
        });
        Place {
            number,
            queue: Arc::clone(self),
        }
    }
}

/// A place in the line; dropping it leaves the line.
#[derive(Debug)]
pub struct Place {
    number: u64,
    queue: Arc<Queue>,
}

impl Place {
    /// Waits until it is this place's turn. Says how many have to end first, at
    /// the start, unless it is none, and whenever that changes.
    ///
    /// Cancel-safe: what is dropped is the waiting, not the place.
    pub async fn turn(&self, mut tell: impl FnMut(usize)) {
        let mut line = self.queue.line.subscribe();
        let mut told = 0;
        loop {
            let ahead = self.ahead(&line.borrow_and_update());
            if ahead == 0 {
                return;
            }
            if ahead != told {
                tell(ahead);
                told = ahead;
            }
            // It fails when the sender is gone, and we hold the sender.
            let _ = line.changed().await;
        }
    }

    fn ahead(&self, line: &Line) -> usize {
        let before = line
            .places
            .iter()
            .take_while(|place| **place != self.number);
        (before.count() + 1).saturating_sub(self.queue.at_once)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue
            .line
            .send_modify(|line| line.places.retain(|place| *place != self.number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two may run; the third is told that one has to end, and moves up when one
    /// of them does, or when one in front of it gives up waiting.
    #[tokio::test]
    async fn the_next_moves_up() {
        let queue = Queue::new(2);
        let [first, second, third, fourth] = std::array::from_fn(|_| queue.join());
        first.turn(|_| unreachable!()).await;
        second.turn(|_| unreachable!()).await;
        let mut told = Vec::new();
        {
            let mut waiting = std::pin::pin!(fourth.turn(|ahead| told.push(ahead)));
            assert!(futures::poll!(&mut waiting).is_pending());
            drop(third);
            assert!(futures::poll!(&mut waiting).is_pending());
            drop(second);
            waiting.await;
        }
        assert_eq!(told, [2, 1]);
    }

    /// Waiting can be given up and taken up again: the place stays.
    #[tokio::test]
    async fn a_place_outlives_its_waiting() {
        let queue = Queue::new(1);
        let [first, second, third] = std::array::from_fn(|_| queue.join());
        let mut told = Vec::new();
        assert!(futures::poll!(std::pin::pin!(second.turn(|ahead| told.push(ahead)))).is_pending());
        drop(first);
        second.turn(|_| unreachable!()).await;
        assert!(futures::poll!(std::pin::pin!(third.turn(|ahead| told.push(ahead)))).is_pending());
        assert_eq!(told, [1, 1]);
    }
}
