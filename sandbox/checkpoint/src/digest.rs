use crate::page::Image;
use crate::state::{Hash, Registers, State};

impl State {
    /// Names a state: equal for states that a guest cannot tell apart, whatever they share and however they are kept. How often the kernel's
    /// randomness was drawn anew is not part of it: the guest does not see that.
    pub fn digest(&self, image: &(impl Image + ?Sized)) -> Hash {
        let Registers {
            module,
            memory_pages,
            globals,
            monotonic,
            entropy: _,
        } = &self.registers;
        let mut hasher = blake3::Hasher::new_derive_key("selvedge state 1");
        hasher.update(module);
        hasher.update(&memory_pages.to_le_bytes());
        hasher.update(&monotonic.to_le_bytes());
        hasher.update(&(globals.len() as u64).to_le_bytes());
        for global in globals {
            hasher.update(&global.to_le_bytes());
        }
        for (number, page) in self.pages.as_slice() {
            // A page may be kept although it is as in the image again.
            if **page != *image.page(*number) {
                hasher.update(&number.to_le_bytes());
                hasher.update(&page[..]);
            }
        }
        // No page has this number: the pages end here.
        hasher.update(&u32::MAX.to_le_bytes());
        // Names the blobs by their hashes.
        hasher.update(self.files.tree());
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;
    use crate::page::{PAGE_BYTES, Page, PageBytes, Pages};

    struct Zeros;

    impl Image for Zeros {
        fn page(&self, _: u32) -> &PageBytes {
            &[0; PAGE_BYTES]
        }
    }

    fn state(pages: &[(u32, u8)], entropy: u64, monotonic: u64) -> State {
        let page = |(number, byte): &(u32, u8)| (*number, Page::copy_of(&[*byte; PAGE_BYTES]));
        State {
            registers: Registers {
                module: [7; 32],
                memory_pages: 4,
                globals: vec![1],
                monotonic,
                entropy,
            },
            pages: Pages::new(pages.iter().map(page).collect()).unwrap(),
            files: Files::default(),
        }
    }

    #[test]
    fn what_a_guest_cannot_tell_apart_has_one_digest_and_all_else_another() {
        let one = state(&[(1, 5), (3, 9)], 0, 0).digest(&Zeros);
        assert_eq!(state(&[(1, 5), (2, 0), (3, 9)], 4, 0).digest(&Zeros), one);
        for other in [
            state(&[(1, 5)], 0, 0),
            state(&[(1, 5), (2, 9)], 0, 0),
            state(&[(1, 5), (3, 9)], 0, 1),
            state(&[], 0, 0),
        ] {
            assert_ne!(other.digest(&Zeros), one);
        }
    }
}
