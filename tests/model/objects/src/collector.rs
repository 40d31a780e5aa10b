//! What the collector is shown, and what it clears.
use std::sync::mpsc;
use std::thread;

use crate::subject::{Dropped, Subject, link, node};

#[test]
fn a_cycle_behind_locks_is_collected() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    subject
        .run(move |ts, module| {
            let (a, b) = (node(ts, module, &seen)?, node(ts, module, &seen)?);
            link(ts, &a, &b)?;
            link(ts, &b, &a)?;
            link(ts, &b, &b)
        })
        .unwrap();
    assert_eq!(dropped.count(), 0);
    assert_eq!(subject.world.collect(), 2);
    assert_eq!(dropped.count(), 2);
    assert_eq!(subject.world.collect(), 0);
    subject.end();
}

#[test]
fn what_somebody_holds_is_not_collected() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    subject
        .run(move |ts, module| {
            let (a, b) = (node(ts, module, &seen)?, node(ts, module, &seen)?);
            link(ts, &a, &b)?;
            link(ts, &b, &a)?;
            let stored = a.into_any().unbind();
            module.state()?.kept.with(ts, |kept| *kept = Some(stored))
        })
        .unwrap();
    assert_eq!(subject.world.collect(), 0);
    assert_eq!(dropped.count(), 0);
    subject.end();
    assert_eq!(dropped.count(), 2);
}

#[test]
fn the_module_shows_state_and_classes() {
    let subject = Subject::new();
    // Both classes twice: the state has them, and the module under their names. The lock is empty.
    let shown = subject.world.referents(subject.module);
    assert_eq!(shown.len(), 4);
    assert_eq!((shown[0], shown[1]), (shown[2], shown[3]));
    subject.end();
}

#[test]
fn a_lock_that_is_held_shows_nothing() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let (seen, (send_node, receive_node)) = (dropped.clone(), mpsc::channel());
    subject
        .run(move |ts, module| {
            let a = node(ts, module, &seen)?;
            link(ts, &a, &a)?;
            let stored = a.clone().into_any().unbind();
            module.state()?.kept.with(ts, |kept| *kept = Some(stored))?;
            send_node.send(a.unbind()).expect("somebody listens");
            Ok(())
        })
        .unwrap();
    let world = &subject.world;
    // The state shows its two classes first, a node its class.
    let object = world.referents(subject.module)[2];
    assert_eq!(world.referents(object).len(), 2);
    let stored = receive_node.recv().unwrap();
    let ((send, is_held), (go_on, wait)) = (mpsc::channel(), mpsc::channel());
    let holder = thread::spawn(move || {
        stored.attach(move |ts, node| {
            node.get().links.hold(ts, move |links, inside| {
                inside.detach(move || {
                    send.send(()).expect("somebody listens");
                    wait.recv().expect("somebody sends");
                });
                links.clear();
            })
        })
    });
    is_held.recv().unwrap();
    assert_eq!(world.referents(object).len(), 1);
    assert_eq!(world.collect(), 0);
    go_on.send(()).unwrap();
    assert!(holder.join().unwrap().is_ok_and(|held| held.is_ok()));
    assert_eq!(dropped.count(), 0);
    subject.end();
    assert_eq!(dropped.count(), 1);
}
