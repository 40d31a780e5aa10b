//! The queue of objects that were dropped where they could not be released.
use std::thread;

use crate::subject::{Dropped, Subject, leaf};

#[test]
fn many_threads_drop_and_the_owner_releases() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let seen = dropped.clone();
    subject
        .run(move |ts, module| {
            let mut stored = Vec::new();
            for number in 0..30 {
                stored.push(leaf(ts, module, number, &seen)?.unbind());
            }
            ts.detach(|| {
                let threads: Vec<_> = (0..3)
                    .map(|_| {
                        let mine = stored.split_off(stored.len() - 10);
                        thread::spawn(move || drop(mine))
                    })
                    .collect();
                threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
                assert_eq!(seen.count(), 0);
            });
            assert_eq!(seen.count(), 30);
            Ok(())
        })
        .unwrap();
    assert_eq!(dropped.count(), 30);
    subject.end();
}

#[test]
fn what_waits_at_the_end_is_released_by_it() {
    let (subject, dropped) = (Subject::new(), Dropped::default());
    let (seen, (send, receive)) = (dropped.clone(), std::sync::mpsc::channel());
    subject
        .run(move |ts, module| {
            send.send(leaf(ts, module, 1, &seen)?.unbind()).expect("somebody listens");
            Ok(())
        })
        .unwrap();
    let stored = receive.recv().unwrap();
    drop(stored);
    assert_eq!(dropped.count(), 0);
    subject.end();
    assert_eq!(dropped.count(), 1);
}
