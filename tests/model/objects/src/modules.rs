//! Module state: seen when it is complete, and never else.
use crate::c::World;
use crate::subject::{FAILING, Failing, MODULE, Subject};

#[test]
fn state_is_there_after_exec_and_gone_with_the_module() {
    let subject = Subject::new();
    subject.run(|_, module| module.state().map(drop)).unwrap();
    subject.end();
}

#[test]
fn functions_before_exec_find_no_state() {
    let world = World::new();
    let module = world.attached(|| world.create(MODULE.init()));
    let subject = Subject { world, module };
    let error = subject.run(|_, module| module.state().map(drop)).unwrap_err();
    assert_eq!(error, "SystemError: module is not initialized");
    subject.end();
}

#[test]
fn a_second_exec_is_refused_and_changes_nothing() {
    let subject = Subject::new();
    let error = subject.world.execute(subject.module).unwrap_err();
    assert_eq!(error, "SystemError: module is initialized already");
    subject.run(|_, module| module.state().map(drop)).unwrap();
    subject.end();
}

#[test]
fn an_exec_that_fails_half_way_can_be_tried_again() {
    for (failing, message) in [
        (Failing::Raises, "ValueError: it was asked for"),
        (Failing::Panics, "SystemError: Rust code panicked; this is a bug in the module"),
    ] {
        let world = World::new();
        let module = world.attached(|| world.create(MODULE.init()));
        FAILING.set(failing);
        assert_eq!(world.execute(module).unwrap_err(), message);
        FAILING.set(Failing::No);
        let subject = Subject { world, module };
        let error = subject.run(|_, module| module.state().map(drop)).unwrap_err();
        assert_eq!(error, "SystemError: module is not initialized");
        subject.world.execute(module).unwrap();
        subject.run(|_, module| module.state().map(drop)).unwrap();
        subject.end();
    }
}

#[test]
fn interpreters_have_states_of_their_own() {
    let (one, other) = (Subject::new(), Subject::new());
    one.run(|ts, module| {
        let state = module.state()?;
        let class = state.node.get(ts).clone().into_any().unbind();
        state.kept.with(ts, |kept| *kept = Some(class))
    })
    .unwrap();
    other
        .run(|ts, module| {
            assert!(module.state()?.kept.with(ts, |kept| kept.is_none())?);
            Ok(())
        })
        .unwrap();
    one.end();
    other.run(|_, module| module.state().map(drop)).unwrap();
    other.end();
}
