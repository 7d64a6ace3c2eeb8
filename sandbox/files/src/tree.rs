//! Directories and files by number. A number is never used twice, so it is what listings go by and what an open file holds on to.

use crate::content::{Blob, Content};
use crate::refusal::Refusal;
use selvedge_protocol::limits::{FILES_BYTES_MAX, FILES_COUNT_MAX, PATH_DEPTH_MAX};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A file or directory.
pub(crate) type NodeId = u64;

/// `/`
pub(crate) const ROOT: NodeId = 1;
/// `/environment`, and above it everything in there.
pub(crate) const ENVIRONMENT: NodeId = 1 << 63;
/// Its name in the root.
pub(crate) const ENVIRONMENT_NAME: &str = "environment";

/// Directories and files. Clones share their nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    nodes: BTreeMap<NodeId, Arc<Node>>,
    next: NodeId,
    bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) parent: NodeId,
    pub(crate) name: Arc<str>,
    /// It has a place in its parent; an open file that was removed has none.
    pub(crate) linked: bool,
    pub(crate) times: Times,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File(Content),
    Directory(Directory),
}

/// What is in a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) by_name: BTreeMap<Arc<str>, NodeId>,
    pub(crate) by_age: BTreeSet<NodeId>,
}

/// Nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) accessed: u64,
    pub(crate) modified: u64,
    pub(crate) changed: u64,
}

impl Times {
    pub(crate) fn all(now: u64) -> Self {
        Self {
            accessed: now,
            modified: now,
            changed: now,
        }
    }
}

impl Tree {
    /// A directory and nothing else.
    fn of_root(root: NodeId, parent: NodeId, name: &str) -> Self {
        let node = Node {
            parent,
            name: Arc::from(name),
            linked: true,
            times: Times::default(),
            kind: Kind::Directory(Directory::default()),
        };
        Self {
            nodes: BTreeMap::from([(root, Arc::new(node))]),
            // Below are the places of `.` and `..` in a listing.
            next: root + 16,
            bytes: 0,
        }
    }

    /// What a kernel begins with: `/home` and `/tmp`.
    pub(crate) fn fresh() -> Self {
        let mut tree = Self::of_root(ROOT, ROOT, "");
        for name in ["home", "tmp"] {
            tree.insert(ROOT, name, Kind::Directory(Directory::default()), 0);
        }
        tree
    }

    /// `/environment` with nothing in it.
    pub(crate) fn without_packages() -> Self {
        Self::of_root(ENVIRONMENT, ROOT, ENVIRONMENT_NAME)
    }

    /// An image's packages, below `/environment`: `files` by their paths there, without a slash at the beginning.
    ///
    /// # Errors
    /// The path that is not one, or that is a file and a directory, or that comes twice.
    pub fn environment<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, String> {
        let mut tree = Self::without_packages();
        for (path, bytes) in files {
            tree.add(path, bytes).ok_or_else(|| path.to_owned())?;
        }
        Ok(tree)
    }

    fn add(&mut self, path: &str, bytes: &[u8]) -> Option<()> {
        let mut parent = ENVIRONMENT;
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            if !crate::path::is_name(name) {
                return None;
            }
            let there = self.directory(parent)?.by_name.get(name).copied();
            parent = match (there, names.peek()) {
                (Some(_), None) => return None,
                (Some(directory), Some(_)) => directory,
                (None, None) => self.insert(parent, name, Kind::File(Content::of(bytes)), 0),
                (None, Some(_)) => self.insert(parent, name, Kind::Directory(Directory::default()), 0),
            };
        }
        Some(())
    }

    /// Of nodes whose directories are still empty: fills them. None when they make no tree, or one past the bounds.
    pub(crate) fn from_nodes(nodes: BTreeMap<NodeId, Arc<Node>>, next: NodeId, root: NodeId) -> Option<Self> {
        let bytes = nodes.values().map(|node| node.len()).sum();
        let mut tree = Self { nodes, next, bytes };
        let places: Vec<_> = tree
            .nodes
            .iter()
            .filter(|(id, node)| **id != root && node.linked)
            .map(|(id, node)| (*id, node.parent, Arc::clone(&node.name)))
            .collect();
        for (id, parent, name) in places {
            let parent = tree.nodes.get_mut(&parent).map(Arc::make_mut)?;
            let parent_linked = parent.linked;
            let Kind::Directory(directory) = &mut parent.kind else {
                return None;
            };
            directory.by_age.insert(id);
            if !parent_linked || !crate::path::is_name(&name) || directory.by_name.insert(name, id).is_some() {
                return None;
            }
        }
        let rooted = |id: NodeId| {
            let mut id = id;
            (0..=PATH_DEPTH_MAX).any(|_| {
                let here = id;
                id = tree.get(id).map_or(root, |node| node.parent);
                here == root
            })
        };
        let sound = tree
            .get(root)
            .is_some_and(|node| node.is_directory() && node.linked && node.parent == ROOT)
            && tree
                .nodes
                .iter()
                .all(|(id, node)| (!node.linked || rooted(*id)) && (root..next).contains(id));
        sound.then_some(tree)
    }

    pub(crate) fn nodes(&self) -> &BTreeMap<NodeId, Arc<Node>> {
        &self.nodes
    }

    pub(crate) fn next(&self) -> NodeId {
        self.next
    }

    /// Bytes in all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Files and directories, those that it began with among them.
    #[must_use]
    pub fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Every piece of every file.
    pub fn blobs(&self) -> impl Iterator<Item = &Blob> {
        self.nodes.values().flat_map(|node| match &node.kind {
            Kind::File(content) => content.blobs(),
            Kind::Directory(_) => &[],
        })
    }

    pub(crate) fn get(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(&id).map(Arc::as_ref)
    }

    pub(crate) fn directory(&self, id: NodeId) -> Option<&Directory> {
        match &self.get(id)?.kind {
            Kind::Directory(directory) => Some(directory),
            Kind::File(_) => None,
        }
    }

    pub(crate) fn get_mut(&mut self, id: NodeId) -> Result<&mut Node, Refusal> {
        self.nodes.get_mut(&id).map(Arc::make_mut).ok_or(Refusal::BadDescriptor)
    }

    fn directory_mut(&mut self, id: NodeId, now: u64) -> Option<&mut Directory> {
        let node = self.get_mut(id).ok()?;
        (node.times.modified, node.times.changed) = (now, now);
        match &mut node.kind {
            Kind::Directory(directory) => Some(directory),
            Kind::File(_) => None,
        }
    }

    /// Makes a node in a directory that has none of this name.
    pub(crate) fn create(&mut self, parent: NodeId, name: &str, kind: Kind, now: u64) -> Result<NodeId, Refusal> {
        if !self.get(parent).is_some_and(|parent| parent.linked) {
            return Err(Refusal::NotFound);
        }
        if self.nodes.len() as u64 >= FILES_COUNT_MAX {
            return Err(Refusal::NoSpace);
        }
        Ok(self.insert(parent, name, kind, now))
    }

    fn insert(&mut self, parent: NodeId, name: &str, kind: Kind, now: u64) -> NodeId {
        let id = self.next;
        self.next += 1;
        let node = Node {
            parent,
            name: Arc::from(name),
            linked: false,
            times: Times::all(now),
            kind,
        };
        self.bytes += node.len();
        self.nodes.insert(id, Arc::new(node));
        self.link(id, parent, name, now);
        id
    }

    /// Gives a node without a place this one.
    pub(crate) fn link(&mut self, id: NodeId, parent: NodeId, name: &str, now: u64) {
        let name: Arc<str> = Arc::from(name);
        if let Some(directory) = self.directory_mut(parent, now) {
            directory.by_name.insert(Arc::clone(&name), id);
            directory.by_age.insert(id);
        }
        if let Ok(node) = self.get_mut(id) {
            node.times.changed = now;
            (node.parent, node.name, node.linked) = (parent, name, true);
        }
    }

    /// Takes a node's place away.
    pub(crate) fn unlink(&mut self, id: NodeId, now: u64) {
        let Some(node) = self.nodes.get_mut(&id).map(Arc::make_mut) else {
            return;
        };
        node.linked = false;
        node.times.changed = now;
        let (parent, name) = (node.parent, Arc::clone(&node.name));
        if let Some(directory) = self.directory_mut(parent, now) {
            directory.by_name.remove(&name);
            directory.by_age.remove(&id);
        }
    }

    /// Forgets a node that has no place any more.
    pub(crate) fn forget(&mut self, id: NodeId) {
        if let Some(node) = self.nodes.remove(&id) {
            self.bytes -= node.len();
        }
    }

    /// Changes what a file holds; its size may change by what `change` does.
    pub(crate) fn change(&mut self, id: NodeId, now: u64, change: impl FnOnce(&mut Content)) -> Result<(), Refusal> {
        let node = self.get_mut(id)?;
        let before = node.len();
        let Kind::File(content) = &mut node.kind else {
            return Err(Refusal::IsDirectory);
        };
        change(content);
        let after = content.len();
        (node.times.modified, node.times.changed) = (now, now);
        self.bytes = self.bytes - before + after;
        Ok(())
    }

    /// How much longer all files together may become.
    pub(crate) fn room(&self) -> u64 {
        FILES_BYTES_MAX.saturating_sub(self.bytes)
    }

    /// How many names a path to `id` has.
    pub(crate) fn depth(&self, mut id: NodeId) -> u64 {
        let mut depth = 0;
        while let Some(node) = self.get(id).filter(|node| id != ROOT && node.linked) {
            depth += 1;
            id = node.parent;
        }
        depth
    }

    /// How many names the longest path from `id` down has.
    pub(crate) fn height(&self, id: NodeId) -> u64 {
        let below = |directory: &Directory| directory.by_age.iter().map(|child| 1 + self.height(*child)).max();
        self.directory(id).and_then(below).unwrap_or(0)
    }
}

impl Node {
    pub(crate) fn len(&self) -> u64 {
        match &self.kind {
            Kind::File(content) => content.len(),
            Kind::Directory(_) => 0,
        }
    }

    pub(crate) fn is_directory(&self) -> bool {
        matches!(self.kind, Kind::Directory(_))
    }
}
