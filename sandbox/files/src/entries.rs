use crate::files::Files;
use crate::refusal::Refusal;
use crate::tree::{ENVIRONMENT, ENVIRONMENT_NAME, NodeId, ROOT};

/// One line of a directory's listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its name; `.` and `..` are the first two.
    pub name: &'a str,
    /// Its number.
    pub inode: u64,
    /// Or a file.
    pub is_directory: bool,
    /// Where the listing goes on after it.
    pub next: u64,
}

impl Files {
    /// The entries of an open directory after `cookie`: 0, or the `next` of one that was seen. Oldest first, so that what is added or removed
    /// meanwhile does not make others come twice or not at all.
    ///
    /// # Errors
    /// `NotDirectory`, `BadDescriptor`.
    pub fn entries(&self, number: u32, cookie: u64) -> Result<impl Iterator<Item = Entry<'_>>, Refusal> {
        let id = self.directory(number)?;
        let dots = [(".", id), ("..", self.above(id).unwrap_or(id))];
        let dots = (1..).zip(dots).map(|(next, (name, id))| (name, id, next));
        // Numbers of nodes begin above those of the dots.
        let after = cookie.max(2);
        let directory = self.tree_of(id).directory(id).ok_or(Refusal::NotDirectory)?;
        let named = directory
            .by_age
            .range(after.saturating_add(1)..)
            .filter_map(|child| Some((&*self.node(*child).ok()?.name, *child, *child)));
        let environment = (id == ROOT && after < ENVIRONMENT).then_some((ENVIRONMENT_NAME, ENVIRONMENT, ENVIRONMENT));
        let entry = |(name, id, next): (_, NodeId, _)| Entry {
            name,
            inode: id,
            is_directory: self.node(id).is_ok_and(|node| node.is_directory()),
            next,
        };
        let skipped = usize::try_from(cookie.min(2)).unwrap_or(2);
        Ok(dots.skip(skipped).chain(named).chain(environment).map(entry))
    }
}
