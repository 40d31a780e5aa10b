//! The lock's mark: a thread is refused when it holds the lock itself or its holder is gone, and never else.
use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;

use crate::mark::Mark;

/// `PyLock` with loom's mutex for C's.
struct Lock {
    mutex: Mutex<()>,
    locked: AtomicBool,
    mark: Mark,
    value: AtomicUsize,
}

#[derive(Debug, PartialEq)]
enum Refused {
    Inside,
    Orphaned,
}

impl Lock {
    /// A lock that a thread of the parent may have left locked, before or after it left its mark.
    fn new(locked: bool, owner: usize) -> Arc<Self> {
        Arc::new(Self {
            mutex: Mutex::new(()),
            locked: AtomicBool::new(locked),
            mark: Mark::new(AtomicU32::new(0), AtomicUsize::new(owner)),
            value: AtomicUsize::new(0),
        })
    }

    /// `PyLock::with`, in the order of its steps.
    fn with<R>(
        &self,
        me: usize,
        generation: u32,
        work: impl FnOnce(&mut usize) -> R,
    ) -> Result<R, Refused> {
        if self.mark.is_of(me) {
            return Err(Refused::Inside);
        }
        if self.locked.load(Ordering::Acquire) && self.mark.is_orphaned(generation) {
            return Err(Refused::Orphaned);
        }
        self.mark.announce(generation);
        let held = self.mutex.lock().unwrap();
        self.locked.store(true, Ordering::Release);
        self.mark.leave(me);
        // Two threads inside would lose what one of them does.
        let mut value = self.value.load(Ordering::Relaxed);
        let result = work(&mut value);
        self.value.store(value, Ordering::Relaxed);
        self.mark.take_away();
        self.locked.store(false, Ordering::Relaxed);
        drop(held);
        Ok(result)
    }
}

#[test]
fn one_thread_at_a_time_and_nobody_is_refused() {
    // Of the process itself, and of a forked child, whose locks bear no mark of the parent's.
    for generation in [0, 1] {
        loom::model(move || {
            let lock = Lock::new(false, 0);
            let others: Vec<_> = (1..=2)
                .map(|me| {
                    let lock = Arc::clone(&lock);
                    thread::spawn(move || lock.with(me, generation, |value| *value += 1))
                })
                .collect();
            for other in others {
                assert_eq!(other.join().unwrap(), Ok(()));
            }
            assert_eq!(lock.with(3, generation, |value| *value), Ok(2));
        });
    }
}

#[test]
fn inside_it_the_same_thread_is_refused() {
    loom::model(|| {
        let lock = Lock::new(false, 0);
        let other = {
            let lock = Arc::clone(&lock);
            thread::spawn(move || lock.with(2, 0, |value| *value += 1))
        };
        let again = lock.with(1, 0, |_| lock.with(1, 0, |_| ()));
        assert_eq!(again, Ok(Err(Refused::Inside)));
        assert_eq!(other.join().unwrap(), Ok(()));
    });
}

#[test]
fn a_holder_that_a_fork_has_lost_is_told() {
    for owner in [7, 0] {
        loom::model(move || {
            let lock = Lock::new(true, owner);
            let other = {
                let lock = Arc::clone(&lock);
                thread::spawn(move || lock.with(2, 1, |_| ()))
            };
            assert_eq!(lock.with(1, 1, |_| ()), Err(Refused::Orphaned));
            assert_eq!(other.join().unwrap(), Err(Refused::Orphaned));
        });
    }
}
