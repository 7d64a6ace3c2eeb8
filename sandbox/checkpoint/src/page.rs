//! 4 KiB pages of linear memory, shared between everything that holds them.

use bytes::Bytes;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Checkpoints hold pages of this size, whatever the machine's are.
pub const PAGE_BYTES: usize = 4096;

/// The contents of a page.
pub type PageBytes = [u8; PAGE_BYTES];

/// A page's contents. Clones share them.
#[derive(Clone)]
pub struct Page(Bytes);

impl Page {
    /// None when these are not exactly [`PAGE_BYTES`] bytes.
    #[must_use]
    pub fn new(bytes: Bytes) -> Option<Self> {
        (bytes.len() == PAGE_BYTES).then_some(Self(bytes))
    }

    /// A page of its own.
    #[must_use]
    pub fn copy_of(bytes: &PageBytes) -> Self {
        Self(Bytes::copy_from_slice(bytes))
    }

    /// Whether it is the same memory, not only the same contents. Costs nothing; pages that are not the same can still be equal.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.0.as_ptr(), other.0.as_ptr())
    }
}

impl Deref for Page {
    type Target = PageBytes;

    fn deref(&self) -> &PageBytes {
        // `new` saw to the length.
        self.0.first_chunk().unwrap_or(&ZEROS)
    }
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.0 == other.0
    }
}

impl Eq for Page {}

impl fmt::Debug for Page {
    /// Whose contents are nobody's business.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Page")
    }
}

/// Why pages cannot be those of one memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("page {number} comes after page {after}: pages must be in ascending order and once each")]
pub struct PagesError {
    /// The one that is out of order.
    pub number: u32,
    /// The one before it.
    pub after: u32,
}

/// The pages of a memory that differ from its image, ascending by number. Clones share them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages(Arc<Vec<(u32, Page)>>);

impl Pages {
    /// # Errors
    /// Numbers that are not ascending.
    pub fn new(pages: Vec<(u32, Page)>) -> Result<Self, PagesError> {
        for pair in pages.windows(2) {
            if let [(after, _), (number, _)] = pair
                && after >= number
            {
                return Err(PagesError {
                    number: *number,
                    after: *after,
                });
            }
        }
        Ok(Self(Arc::new(pages)))
    }

    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[(u32, Page)] {
        &self.0
    }

    /// One of them; none when it is as in the image.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Page> {
        let at = self.0.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.0.get(at).map(|(_, page)| page)
    }

    /// Pages that may differ from `earlier` ones of the same memory, ascending; none stands for a page that is as in the image again. Pages are told
    /// apart by their place in memory, so equal ones can be among them.
    pub fn changed_since<'a>(&'a self, earlier: &'a Self) -> impl Iterator<Item = (u32, Option<&'a Page>)> {
        let (mut now, mut before) = (self.0.iter().peekable(), earlier.0.iter().peekable());
        std::iter::from_fn(move || {
            loop {
                return match (now.peek(), before.peek()) {
                    (Some((number, page)), Some((other, old))) if number == other => {
                        now.next();
                        before.next();
                        if page.is_same(old) {
                            continue;
                        }
                        Some((*number, Some(page)))
                    }
                    (Some((number, page)), other) if other.is_none_or(|(other, _)| number < other) => {
                        now.next();
                        Some((*number, Some(page)))
                    }
                    (_, Some((number, _))) => {
                        before.next();
                        Some((*number, None))
                    }
                    (_, None) => None,
                };
            }
        })
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Nothing differs from the image.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The memory that a kernel began with.
pub trait Image {
    /// The page of this number; zeros beyond the image's end.
    fn page(&self, number: u32) -> &PageBytes;
}

static ZEROS: PageBytes = [0; PAGE_BYTES];

impl Image for [u8] {
    fn page(&self, number: u32) -> &PageBytes {
        usize::try_from(number)
            .ok()
            .and_then(|number| self.get(number.checked_mul(PAGE_BYTES)?..))
            .and_then(<[u8]>::first_chunk)
            .unwrap_or(&ZEROS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_pages_in_order_are_taken() {
        assert!(Page::new(Bytes::from_static(&[0; PAGE_BYTES - 1])).is_none());
        assert!(Page::new(Bytes::from_static(&[0; PAGE_BYTES + 1])).is_none());
        let page = Page::copy_of(&[7; PAGE_BYTES]);
        for (wrong, number, after) in [([3, 3], 3, 3), ([4, 1], 1, 4)] {
            let pages = wrong.iter().map(|number| (*number, page.clone())).collect();
            assert_eq!(Pages::new(pages), Err(PagesError { number, after }));
        }
        let pages = Pages::new(vec![(1, page.clone()), (9, page.clone())]).unwrap();
        assert!(pages.get(9).unwrap().is_same(&page));
        assert!(pages.get(2).is_none());
    }

    #[test]
    fn beyond_its_end_an_image_is_zeros() {
        let image = [[1; PAGE_BYTES], [2; PAGE_BYTES]].concat();
        assert_eq!(image.page(1), &[2; PAGE_BYTES]);
        assert_eq!(image.page(2), &[0; PAGE_BYTES]);
        assert_eq!(image.page(u32::MAX), &[0; PAGE_BYTES]);
    }
}
