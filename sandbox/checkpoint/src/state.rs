use crate::files::Files;
use crate::page::{Page, Pages};

/// A BLAKE3 hash.
pub type Hash = [u8; 32];

/// Everything of an instance that is neither memory nor file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registers {
    /// BLAKE3 of the image's module: a state belongs to a module, not to the machine code made of it.
    pub module: Hash,
    /// Size of the memory in 64 KiB pages.
    pub memory_pages: u32,
    /// Mutable globals as bits, in the order of the image's manifest.
    pub globals: Vec<u64>,
    /// The guest's monotonic clock in nanoseconds.
    pub monotonic: u64,
    /// How often the kernel's randomness was drawn anew.
    pub entropy: u64,
}

/// What a kernel is at a cell boundary. Clones share its pages and blobs.
///
/// There is nothing native inside: it can be restored on any machine that has the same image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Everything but memory and files.
    pub registers: Registers,
    /// What of the memory differs from the image.
    pub pages: Pages,
    /// The files.
    pub files: Files,
}

impl State {
    /// Pages that may differ from those of an `earlier` state of the same kernel, ascending; none stands for a page that is as in the image
    /// again. Pages are told apart by their place in memory, so equal ones can be among them.
    pub fn changed_since<'a>(&'a self, earlier: &'a Self) -> impl Iterator<Item = (u32, Option<&'a Page>)> {
        self.pages.changed_since(&earlier.pages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PAGE_BYTES;

    #[test]
    fn what_changed_is_told_by_identity() {
        let page = |byte| Page::copy_of(&[byte; PAGE_BYTES]);
        let (a, b) = (page(1), page(2));
        let state = |pages: &[(u32, &Page)]| State {
            registers: Registers {
                module: [0; 32],
                memory_pages: 1,
                globals: vec![],
                monotonic: 0,
                entropy: 0,
            },
            pages: Pages::new(pages.iter().map(|(number, page)| (*number, (*page).clone())).collect()).unwrap(),
            files: Files::default(),
        };
        let (c, twin) = (page(3), page(2));
        let earlier = state(&[(1, &a), (4, &b), (6, &a)]);
        let now = state(&[(0, &c), (1, &a), (4, &twin), (9, &c)]);
        let changed: Vec<_> = now.changed_since(&earlier).collect();
        assert_eq!(changed, [(0, Some(&c)), (4, Some(&b)), (6, None), (9, Some(&c))]);
        assert_eq!(now.changed_since(&now).count(), 0);
    }
}
