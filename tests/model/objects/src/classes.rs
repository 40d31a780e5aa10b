//! Classes: a payload is seen when it is there, and dropped once.
use std::sync::mpsc;

use cpython_api::PyLock;

use crate::subject::{Dropped, Node, Subject, leaf, link, node};

#[test]
fn methods_see_the_payload() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    subject
        .run(move |ts, module| {
            let (object, other) = (node(ts, module, &seen)?, leaf(ts, module, 42, &seen)?);
            link(ts, &object, &other)?;
            let stored = object.into_any().unbind();
            module.state()?.kept.with(ts, |kept| *kept = Some(stored))
        })
        .unwrap();
    let world = &subject.world;
    // The state shows its two classes first, a node its class.
    let node = world.referents(subject.module)[2];
    let leaf = world.referents(node)[1];
    assert_eq!(world.call(node, "links").map(|number| world.number(number)), Ok(1));
    assert_eq!(world.call(leaf, "number").map(|number| world.number(number)), Ok(42));
    let error = world.call(node, "panics").unwrap_err();
    assert_eq!(error, "SystemError: Rust code panicked; this is a bug in the module");
    assert_eq!(world.call(node, "links").map(|number| world.number(number)), Ok(1));
    // A method that is given an object of another class finds no payload of its own in it.
    let error = world.call_method_of(node, "links", leaf).unwrap_err();
    assert!(error.starts_with("TypeError: "), "{error}");
    // A leaf counts its class, and so the module, and is unknown to the collector.
    subject.run(|ts, module| module.state()?.kept.with(ts, |kept| *kept = None)).unwrap();
    subject.end();
    assert_eq!(dropped.count(), 2);
}

#[test]
fn a_panic_is_an_exception_and_the_object_lives_on() {
    let subject = Subject::new();
    let error = subject
        .run(|ts, module| {
            let object = node(ts, module, &Dropped::default())?;
            assert!(object.get().links.with(ts, |links| links.is_empty())?);
            panic!("it was asked for")
        })
        .unwrap_err();
    assert_eq!(error, "SystemError: Rust code panicked; this is a bug in the module");
    subject.run(|_, _| Ok(())).unwrap();
    subject.end();
}

#[test]
fn a_payload_that_panics_when_it_is_dropped_is_dropped_once() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let (seen, (send, receive)) = (dropped.counted(true), mpsc::channel());
    subject
        .run(move |ts, module| {
            let object = leaf(ts, module, 1, &Dropped::default())?;
            drop(object);
            let links = PyLock::new(Vec::new());
            let object = module.state()?.node.instance(ts, Node { links, _dropped: seen })?;
            drop(object);
            send.send(()).expect("somebody listens");
            Ok(())
        })
        .unwrap();
    receive.recv().unwrap();
    assert_eq!(dropped.count(), 1);
    subject.end();
}
