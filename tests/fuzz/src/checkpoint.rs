//! Checkpoints, as they come from a disk or from another node: the sealed object's head, the object, and a chain of objects.

use selvedge_checkpoint::{Chain, Delta, Image, PAGE_BYTES, PageBytes, State};

/// An image of a few pages.
pub(crate) struct Pages;

const ZERO: PageBytes = [0; PAGE_BYTES];

impl Image for Pages {
    fn page(&self, _number: u32) -> &PageBytes {
        &ZERO
    }
}

/// The first byte says into how many objects the rest is cut. Whatever reads as a state writes as one that reads as the same.
pub fn check(bytes: &[u8]) {
    let _ = selvedge_checkpoint::verify(bytes);
    let Some((count, rest)) = bytes.split_first() else { return };
    let Ok(delta) = Delta::decode(rest) else { return };
    let module = delta.registers.module;
    let size = rest.len() / usize::from(count % 4 + 1) + 1;
    for objects in [vec![rest], rest.chunks(size).collect()] {
        let Ok(chain) = Chain::read(&objects, &module, &Pages) else {
            continue;
        };
        let state: State = chain.state().clone();
        let Ok((_, packed)) = Chain::begin(state.clone(), &Pages) else {
            continue;
        };
        let Ok(again) = Chain::read(&[&packed.bytes], &module, &Pages) else {
            unreachable!("a state that was read and written cannot be read: {state:?}");
        };
        let again = again.state();
        assert!(again.registers == state.registers && again.files == state.files);
        // A page that is as in the image need not be written again.
        let differing = |state: &State| {
            state
                .pages
                .as_slice()
                .iter()
                .filter(|(_, page)| **page != ZERO)
                .cloned()
                .collect::<Vec<_>>()
        };
        assert!(differing(again) == differing(&state));
    }
}
