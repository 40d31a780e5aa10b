//! Locks: one thread after the other, none within itself, none left held.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crate::subject::{Dropped, Subject, leaf, link, node};

#[test]
fn threads_take_turns() {
    let subject = Subject::new();
    subject
        .run(|ts, module| {
            let object = node(ts, module, &Dropped::default())?;
            let threads: Vec<_> = (0..2)
                .map(|_| {
                    let (stored, one) =
                        (object.clone().unbind(), object.clone().into_any().unbind());
                    thread::spawn(move || {
                        stored.attach(|ts, node| {
                            for _ in 0..10 {
                                let one = one.clone_ref(ts);
                                // Detached with the lock held: the other thread comes, and waits.
                                let held = node.get().links.hold(ts, |links, inside| {
                                    let before = links.len();
                                    inside.detach(thread::yield_now);
                                    links.push(one);
                                    links.len() - before
                                });
                                assert_eq!(held.ok(), Some(1));
                            }
                        })
                    })
                })
                .collect();
            ts.detach(|| {
                threads
                    .into_iter()
                    .for_each(|thread| thread.join().expect("no panic").expect("attached"));
            });
            let links = object.get().links.with(ts, std::mem::take)?;
            assert_eq!(links.len(), 20);
            Ok(())
        })
        .unwrap();
    subject.end();
}

#[test]
fn what_is_dropped_inside_is_released_afterwards() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    subject
        .run(move |ts, module| {
            let object = node(ts, module, &Dropped::default())?;
            let one = leaf(ts, module, 1, &seen)?;
            link(ts, &object, &one)?;
            drop(one);
            let inside = object.get().links.with(ts, |links| {
                links.clear();
                seen.count()
            })?;
            assert_eq!((inside, seen.count()), (0, 1));
            Ok(())
        })
        .unwrap();
    subject.end();
}

#[test]
fn a_thread_that_holds_a_lock_is_refused() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    let error = subject
        .run(move |ts, module| {
            let object = node(ts, module, &seen)?;
            let other = node(ts, module, &seen)?;
            object.get().links.with_both(&other.get().links, ts, |a, b| a.append(b))?;
            object.get().links.with_both(&object.get().links, ts, |_, _| ())
        })
        .unwrap_err();
    assert_eq!(error, "RuntimeError: this thread is inside the lock already");
    assert_eq!(dropped.count(), 2);
    subject.end();
}

#[test]
fn nobody_attaches_inside() {
    let subject = Subject::new();
    subject
        .run(|ts, module| {
            let object = node(ts, module, &Dropped::default())?;
            let stored = object.clone().unbind();
            let inside = object.get().links.with(ts, |_| stored.attach(|_, _| ()))?;
            assert_eq!(inside, Err(cpython_api::Gone::InsideLock));
            assert_eq!(stored.attach(|_, _| ()), Ok(()));
            Ok(())
        })
        .unwrap();
    subject.end();
}

#[test]
fn a_panic_inside_unlocks() {
    let subject = Subject::new();
    subject
        .run(|ts, module| {
            let object = node(ts, module, &Dropped::default())?;
            let inside = || object.get().links.with(ts, |_| panic!("it was asked for"));
            assert!(catch_unwind(AssertUnwindSafe(inside)).is_err());
            assert!(object.get().links.with(ts, |links| links.is_empty())?);
            Ok(())
        })
        .unwrap();
    subject.end();
}
