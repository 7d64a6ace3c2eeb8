//! Walking paths. There are no links, so a path's meaning is in its names alone.

use crate::files::Files;
use crate::refusal::Refusal;
use crate::tree::{ENVIRONMENT, ENVIRONMENT_NAME, NodeId, ROOT};
use selvedge_protocol::limits::{NAME_BYTES_MAX, PATH_BYTES_MAX};

/// What a path leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The directory that the last name is in.
    pub(crate) parent: NodeId,
    /// The last name; none when the path ends with `.`, `..` or the root.
    pub(crate) name: Option<&'a str>,
    /// What is there.
    pub(crate) node: Option<NodeId>,
    /// It ends with a slash: only a directory will do.
    pub(crate) wants_directory: bool,
}

impl Place<'_> {
    /// What is there.
    pub(crate) fn existing(&self) -> Result<NodeId, Refusal> {
        self.node.ok_or(Refusal::NotFound)
    }
}

/// Whether a directory can have an entry of this name.
pub(crate) fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.len() as u64 <= NAME_BYTES_MAX && !name.contains(['/', '\0'])
}

impl Files {
    /// As [`Files::steps`]; a file under a path that ends with a slash is refused.
    pub(crate) fn walk<'a>(&self, from: NodeId, path: &'a [u8]) -> Result<Place<'a>, Refusal> {
        let place = self.steps(from, path)?;
        match place.node {
            Some(node) if place.wants_directory && !self.node(node)?.is_directory() => Err(Refusal::NotDirectory),
            _ => Ok(place),
        }
    }

    /// Follows `path` from the directory `from`, or from the root if it begins with a slash. Of the last name only, nothing need be there.
    pub(crate) fn steps<'a>(&self, from: NodeId, path: &'a [u8]) -> Result<Place<'a>, Refusal> {
        if path.len() as u64 > PATH_BYTES_MAX {
            return Err(Refusal::NameTooLong);
        }
        let path = str::from_utf8(path).map_err(|_| Refusal::NotText)?;
        if path.is_empty() {
            return Err(Refusal::NotFound);
        }
        if path.contains('\0') {
            return Err(Refusal::Invalid);
        }
        let from = if path.starts_with('/') { ROOT } else { from };
        let mut place = Place {
            parent: from,
            name: None,
            node: Some(from),
            wants_directory: path.ends_with('/'),
        };
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let here = place.existing()?;
            if !self.node(here)?.is_directory() {
                return Err(Refusal::NotDirectory);
            }
            if name.len() as u64 > NAME_BYTES_MAX {
                return Err(Refusal::NameTooLong);
            }
            (place.parent, place.name, place.node) = match name {
                "." => (here, None, Some(here)),
                ".." => {
                    let above = self.above(here)?;
                    (above, None, Some(above))
                }
                name => (here, Some(name), self.child(here, name)),
            };
        }
        Ok(place)
    }

    pub(crate) fn child(&self, directory: NodeId, name: &str) -> Option<NodeId> {
        if directory == ROOT && name == ENVIRONMENT_NAME {
            return Some(ENVIRONMENT);
        }
        self.tree_of(directory).directory(directory)?.by_name.get(name).copied()
    }

    /// The root is above itself; nothing is above a directory that was removed.
    pub(crate) fn above(&self, directory: NodeId) -> Result<NodeId, Refusal> {
        let node = self.node(directory)?;
        if node.linked { Ok(node.parent) } else { Err(Refusal::NotFound) }
    }
}
