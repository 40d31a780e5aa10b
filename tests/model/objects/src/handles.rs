//! Handles: each count is given up once, where it may be.
use std::cell::RefCell;
use std::sync::mpsc;
use std::thread;

use cpython_api::{Gone, Py};

use crate::subject::{Dropped, Leaf, Node, Subject, leaf, node};

#[test]
fn counts_are_those_of_the_handles() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    subject
        .run(move |ts, module| {
            let first = leaf(ts, module, 7, &seen)?;
            let second = first.clone();
            let stored: Py<Leaf> = second.unbind();
            let lent = stored.get(ts);
            assert!(lent.is(&first) && lent.get().number == 7);
            drop(first);
            let third = stored.bind(ts);
            drop(stored);
            assert_eq!(seen.count(), 0);
            drop(third);
            assert_eq!(seen.count(), 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(dropped.count(), 1);
    subject.end();
}

#[test]
fn an_object_is_cast_to_its_own_class_only() {
    let subject = Subject::new();
    subject
        .run(|ts, module| {
            let dropped = Dropped::default();
            let object = leaf(ts, module, 1, &dropped)?.into_any();
            assert!(object.cast::<Node>().is_none());
            assert_eq!(object.cast::<Leaf>().map(|leaf| leaf.get().number), Some(1));
            assert!(module.state()?.leaf.get(ts).cast::<Leaf>().is_none());
            Ok(())
        })
        .unwrap();
    subject.end();
}

#[test]
fn what_is_dropped_detached_is_released_when_the_thread_attaches() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    subject
        .run(move |ts, module| {
            let stored = leaf(ts, module, 7, &seen)?.unbind();
            let before = ts.detach(|| {
                drop(stored);
                seen.count()
            });
            assert_eq!((before, seen.count()), (0, 1));
            Ok(())
        })
        .unwrap();
    subject.end();
}

#[test]
fn other_threads_attach_and_count() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    subject
        .run(move |ts, module| {
            let stored = node(ts, module, &seen)?.unbind();
            let threads: Vec<_> = (0..3)
                .map(|_| {
                    let stored = stored.clone_ref(ts);
                    thread::spawn(move || {
                        let attached = stored.attach(|ts, node| {
                            let other = node.clone().into_any().unbind();
                            node.get().links.with(ts, |links| links.push(other)).is_ok()
                        });
                        assert_eq!(attached, Ok(true));
                    })
                })
                .collect();
            ts.detach(|| threads.into_iter().for_each(|thread| thread.join().expect("no panic")));
            let links = stored.get(ts).get().links.with(ts, std::mem::take)?;
            assert_eq!(links.len(), 3);
            Ok(())
        })
        .unwrap();
    assert_eq!(dropped.count(), 1);
    subject.end();
}

#[test]
fn a_handle_that_is_left_over_does_no_harm() {
    thread_local! {
        static KEPT: RefCell<Option<Py<Leaf>>> = const { RefCell::new(None) };
    }
    let (one, other, dropped) = (Subject::new(), Subject::new(), Dropped::default());
    let seen = dropped.clone();
    one.run(move |ts, module| {
        KEPT.set(Some(leaf(ts, module, 7, &seen)?.unbind()));
        Ok(())
    })
    .unwrap();
    // Dropped in another interpreter, it waits for its own.
    other
        .run(|_, _| {
            drop(KEPT.take());
            Ok(())
        })
        .unwrap();
    assert_eq!(dropped.count(), 0);
    one.run(|_, _| Ok(())).unwrap();
    assert_eq!(dropped.count(), 1);
    other.end();
    one.end();
}

#[test]
fn nobody_attaches_after_the_end() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let (seen, (send, receive)) = (dropped.clone(), mpsc::channel());
    subject
        .run(move |ts, module| {
            let stored = leaf(ts, module, 7, &seen)?.unbind();
            send.send((stored.clone_ref(ts), stored)).expect("somebody listens");
            Ok(())
        })
        .unwrap();
    let (mut stored, second) = receive.recv().unwrap();
    assert_eq!(stored.attach(|_, leaf| leaf.get().number), Ok(7));
    drop(second);
    let Subject { world, module } = subject;
    world.release(module);
    // The count that the handle has outlives the interpreter: with it the object, its class and the module.
    let left = world.end_with_objects();
    assert!(left >= 3);
    assert_eq!(stored.attach(|_, _| ()), Err(Gone::Finalized));
    let later = Subject::new();
    stored = thread::spawn(move || stored).join().unwrap();
    drop(stored);
    assert_eq!(dropped.count(), 0);
    later.end();
}
