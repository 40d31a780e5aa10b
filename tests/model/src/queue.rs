//! The queue of what waits to be released: nothing is lost, nothing comes twice, all that was written is seen.
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use crate::stack::Stack;

/// A queue with the number that tells whether to look at it, as `Interpreter::defer` and `drain` use it.
struct Queue {
    waiting: AtomicUsize,
    stack: Stack<AtomicUsize>,
}

impl Queue {
    fn new() -> Arc<Self> {
        Arc::new(Self { waiting: AtomicUsize::new(0), stack: Stack::new() })
    }

    fn defer(&self, value: usize) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let made = AtomicUsize::new(0);
        // Whoever takes it out sees this only because of what the stack does.
        made.store(value, Ordering::Relaxed);
        assert!(self.stack.push(made));
    }

    fn drain(&self) -> Vec<usize> {
        if self.waiting.load(Ordering::Relaxed) == 0 {
            return Vec::new();
        }
        let mut values = Vec::new();
        for value in self.stack.take() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            values.push(value.load(Ordering::Relaxed));
        }
        values
    }
}

#[test]
fn what_two_threads_drop_is_released_once() {
    loom::model(|| {
        let queue = Queue::new();
        let droppers: Vec<_> = (1..=2)
            .map(|n| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || queue.defer(n))
            })
            .collect();
        let mut released = queue.drain();
        for dropper in droppers {
            dropper.join().unwrap();
        }
        released.extend(queue.drain());
        released.sort_unstable();
        assert_eq!(released, [1, 2]);
        assert_eq!(queue.waiting.load(Ordering::Relaxed), 0);
    });
}

#[test]
fn two_threads_that_drain_share_what_there_is() {
    loom::model(|| {
        let queue = Queue::new();
        queue.defer(1);
        let other = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                queue.defer(2);
                queue.drain()
            })
        };
        let mut released = queue.drain();
        released.extend(other.join().unwrap());
        released.extend(queue.drain());
        released.sort_unstable();
        assert_eq!(released, [1, 2]);
    });
}
