//! Checkpoints, as they come from a disk or from another node: the sealed object's head, the object, and a chain of objects.

use selvedge_checkpoint::{Chain, Delta, Image, PAGE_BYTES, PageBytes, State};

/// An image of a few pages.
struct Pages;

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
        let again = Chain::read(&[&packed.bytes], &module, &Pages);
        assert!(again.is_ok_and(|again| *again.state() == state));
    }
}
