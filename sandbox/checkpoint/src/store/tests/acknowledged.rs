//! Whatever is done, and wherever a process is killed over it: what was acknowledged is there.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;

use super::*;

promises! {
    whatever_is_done_every_state_that_is_listed_is_what_it_was
    a_process_that_is_killed_between_any_two_changes_leaves_everything_acknowledged
}

/// What was acknowledged: of each kernel the states by number, each as the objects that make it.
#[derive(Clone, Default)]
struct Model {
    kernels: BTreeMap<u8, BTreeMap<u64, Vec<Vec<u8>>>>,
}

impl Model {
    fn newest(&self, number: u8) -> Option<(u64, Vec<Vec<u8>>)> {
        let states = self.kernels.get(&number)?;
        states.last_key_value().map(|(number, objects)| (*number, objects.clone()))
    }

    /// Everything acknowledged that `store` still lists is what it was, and what is newest is listed.
    fn holds(&self, store: &Store, context: &str) {
        for (number, states) in &self.kernels {
            let kernel = kernel(*number);
            let history = store.history(kernel).unwrap();
            assert_eq!(
                history.last().map(|moment| moment.number),
                states.keys().next_back().copied(),
                "{context}: {number}"
            );
            for moment in history {
                let Kept { objects, .. } = store
                    .read_at(kernel, &key(), moment.number)
                    .unwrap_or_else(|error| panic!("{context}: {error}"));
                let objects: Vec<_> = objects.into_iter().filter(|object| !object.is_empty()).collect();
                assert_eq!(Some(&objects), states.get(&moment.number), "{context}: {number}/{}", moment.number);
            }
        }
    }
}

/// Operations drawn from a seed, done to a store and to the model. Ends at the first error.
fn play(store: &Store, model: &mut Model, seed: u64, steps: usize) -> Result<(), StoreError> {
    let mut dice = blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof();
    let mut below = move |most: u64| {
        let mut bytes = [0; 8];
        dice.fill(&mut bytes);
        u64::from_le_bytes(bytes) % most
    };
    for step in 0..steps {
        let number = u8::try_from(below(4)).unwrap();
        let (id, newest) = (kernel(number), model.newest(number));
        match (below(10), newest) {
            (0..5, newest) => {
                let object = format!("{seed}.{step}").into_bytes();
                let before = newest.filter(|(_, objects)| objects.len() < 8 && below(5) > 0);
                let kept = store.append(id, &key(), before.as_ref().map(|(number, _)| *number), &object)?;
                let mut objects = before.map(|(_, objects)| objects).unwrap_or_default();
                objects.push(object);
                model.kernels.entry(number).or_default().insert(kept, objects);
            }
            (5, Some(_)) => {
                let history = store.history(id)?;
                let to = history[usize::try_from(below(history.len() as u64)).unwrap()].number;
                let kept = store.rewind(id, &key(), to)?;
                let states = model.kernels.get_mut(&number).unwrap();
                states.insert(kept, states[&to].clone());
            }
            (6, Some((_, objects))) => {
                let into = u8::try_from(below(4)).unwrap();
                let forked = store.fork(id, &key(), None, &[kernel(into)]);
                if model.newest(into).is_some() {
                    assert!(matches!(forked, Err(StoreError::Exists)));
                    continue;
                }
                forked?;
                let kept = store.newest(kernel(into))?.unwrap();
                model.kernels.entry(into).or_default().insert(kept, objects);
            }
            (7, Some((newest, _))) => store.name(id, newest, "kept")?,
            (8, Some(_)) if below(3) == 0 => {
                // Whether it comes to its end or not: nobody has a claim on this kernel any more.
                model.kernels.remove(&number);
                store.remove(id)?;
            }
            _ => {
                store.collect(id)?;
            }
        }
    }
    Ok(())
}

fn whatever_is_done_every_state_that_is_listed_is_what_it_was(make: fn() -> Ground) {
    for seed in 0..make().some(60) {
        let ground = make();
        let states = 1 + seed % 7;
        let mut model = Model::default();
        let one = ground.store(states);
        for round in 0..6 {
            play(&one, &mut model, seed * 100 + round, 20).unwrap();
            model.holds(&one, &format!("seed {seed}"));
            model.holds(&ground.store(states), &format!("seed {seed}, looked at anew"));
        }
    }
}

fn a_process_that_is_killed_between_any_two_changes_leaves_everything_acknowledged(make: fn() -> Ground) {
    for seed in 0..make().some(6) {
        for changes in 0..usize::try_from(make().some(60)).unwrap() {
            let ground = make();
            let mortal = Mortal {
                medium: ground.open(),
                changes_left: AtomicUsize::new(changes),
                removed_by_others: None,
            };
            let mut model = Model::default();
            drop(play(&store_on(Box::new(mortal), 3), &mut model, seed, 60));
            let after = ground.store(3);
            for number in 0..4 {
                let newest = model.newest(number).map(|(number, _)| number);
                // A change that was not acknowledged may be there; what was acknowledged is.
                assert!(after.newest(kernel(number)).unwrap() >= newest, "seed {seed}, {changes} changes");
                let Some(states) = model.kernels.get(&number) else { continue };
                for moment in after.history(kernel(number)).unwrap() {
                    let kept = after.read_at(kernel(number), &key(), moment.number).unwrap();
                    let objects: Vec<_> = kept.objects.into_iter().filter(|object| !object.is_empty()).collect();
                    assert!(states.get(&moment.number).is_none_or(|state| *state == objects));
                }
                after.collect(kernel(number)).unwrap();
            }
        }
    }
}
