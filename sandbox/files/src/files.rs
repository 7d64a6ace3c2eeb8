use crate::content::Content;
use crate::descriptors::{Descriptor, Descriptors, FIRST};
use crate::refusal::Refusal;
use crate::tree::{Directory, ENVIRONMENT, Kind, Node, NodeId, ROOT, Times, Tree};
use selvedge_protocol::limits::{FILE_BYTES_MAX, PATH_DEPTH_MAX};
use std::sync::{Arc, LazyLock};

/// A kernel's files and what is open of them.
///
/// Files are named by a descriptor, and by a path that starts at the descriptor of a directory; 3 is the root and stays open. `now` is in
/// nanoseconds since 1970. Every operation either is done or changes nothing.
#[derive(Clone, Debug)]
pub struct Files {
    pub(crate) state: FilesState,
    environment: Arc<Tree>,
}

/// As before the first cell, in an image without packages.
impl Default for Files {
    fn default() -> Self {
        static NONE: LazyLock<Arc<Tree>> = LazyLock::new(|| Arc::new(Tree::without_packages()));
        Self {
            state: FilesState::default(),
            environment: Arc::clone(&NONE),
        }
    }
}

/// What a checkpoint keeps of a kernel's files: the tree and the table of open files. Clones share everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesState {
    pub(crate) tree: Arc<Tree>,
    pub(crate) descriptors: Arc<Descriptors>,
}

impl FilesState {
    /// Whether nothing was changed between them. Costs nothing; states that are not the same can still be equal.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tree, &other.tree) && Arc::ptr_eq(&self.descriptors, &other.descriptors)
    }
}

/// As before the first cell.
impl Default for FilesState {
    fn default() -> Self {
        static FRESH: LazyLock<FilesState> = LazyLock::new(|| FilesState {
            tree: Arc::new(Tree::fresh()),
            descriptors: Arc::default(),
        });
        FRESH.clone()
    }
}

/// How to open a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    /// Make it if it is not there.
    pub create: bool,
    /// With `create`: it must not be there.
    pub exclusive: bool,
    /// Empty it.
    pub truncate: bool,
    /// It must be a directory.
    pub directory: bool,
    /// For reading.
    pub read: bool,
    /// For writing.
    pub write: bool,
    /// Every write goes to the end.
    pub append: bool,
}

/// What an offset counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    /// The beginning.
    Start,
    /// Where reading and writing goes on.
    Current,
    /// The end.
    End,
}

/// What is known of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Its number: it keeps it when it is renamed, and nothing else ever gets it.
    pub inode: u64,
    /// Or a file.
    pub is_directory: bool,
    /// In bytes; 0 for a directory.
    pub size: u64,
    /// 1, or 0 when it was removed while open.
    pub links: u64,
    /// When somebody last set this time, else when it was made, in nanoseconds since 1970. Reading changes nothing.
    pub accessed: u64,
    /// When its content last changed.
    pub modified: u64,
    /// When anything of it last changed.
    pub changed: u64,
}

impl Files {
    /// `state` in an image with these packages.
    ///
    /// # Errors
    /// `BadDescriptor` when something is open that is not there: the state is of another image.
    pub fn new(state: FilesState, environment: Arc<Tree>) -> Result<Self, Refusal> {
        let files = Self { state, environment };
        let open = files.state.descriptors.iter();
        if open.map(|(_, open)| files.node(open.node)).all(|node| node.is_ok()) {
            Ok(files)
        } else {
            Err(Refusal::BadDescriptor)
        }
    }

    /// What a checkpoint keeps.
    #[must_use]
    pub fn state(&self) -> &FilesState {
        &self.state
    }

    /// The image's packages.
    #[must_use]
    pub fn environment(&self) -> &Arc<Tree> {
        &self.environment
    }

    /// Opens a file or directory; the lowest free number from 4 on.
    ///
    /// # Errors
    /// As `open(2)`.
    pub fn open(&mut self, at: u32, path: &[u8], how: Opening, now: u64) -> Result<u32, Refusal> {
        if how.create && how.directory {
            return Err(Refusal::Invalid);
        }
        let number = self.state.descriptors.free()?;
        let place = self.steps(self.directory(at)?, path)?;
        let node = match place.node {
            _ if how.create && place.wants_directory => return Err(Refusal::IsDirectory),
            Some(_) if how.create && how.exclusive => return Err(Refusal::Exists),
            Some(id) => {
                let is_directory = self.node(id)?.is_directory();
                if is_directory && (how.write || how.create || how.truncate) {
                    return Err(Refusal::IsDirectory);
                }
                if !is_directory && (how.directory || place.wants_directory) {
                    return Err(Refusal::NotDirectory);
                }
                if is_packaged(id) && (how.write || how.truncate) {
                    return Err(Refusal::ReadOnly);
                }
                if how.truncate && self.node(id)?.len() > 0 {
                    self.tree().change(id, now, |content| content.resize(0))?;
                }
                id
            }
            None if how.create => {
                let name = place.name.ok_or(Refusal::NotFound)?;
                self.make(place.parent, name, Kind::File(Content::default()), now)?
            }
            None => return Err(Refusal::NotFound),
        };
        let descriptor = Descriptor {
            node,
            offset: 0,
            read: how.read,
            write: how.write,
            append: how.append,
        };
        self.descriptors().put(number, descriptor);
        Ok(number)
    }

    /// Closes what is open under this number. The root stays open: without it no path would lead anywhere.
    ///
    /// # Errors
    /// `BadDescriptor`.
    pub fn close(&mut self, number: u32) -> Result<(), Refusal> {
        if number == FIRST {
            return Ok(());
        }
        self.state.descriptors.get(number)?;
        let node = self.descriptors().remove(number)?.node;
        self.forget_if_unused(node);
        Ok(())
    }

    /// Reads on into `to`; 0 at the end.
    ///
    /// # Errors
    /// `BadDescriptor`: not open for reading. `IsDirectory`.
    pub fn read(&mut self, number: u32, to: &mut [u8]) -> Result<usize, Refusal> {
        let descriptor = *self.state.descriptors.get(number)?;
        let Kind::File(content) = &self.node(descriptor.node)?.kind else {
            return Err(Refusal::IsDirectory);
        };
        if !descriptor.read {
            return Err(Refusal::BadDescriptor);
        }
        let read = content.read(descriptor.offset, to);
        if read > 0 {
            self.descriptors().get_mut(number)?.offset += read as u64;
        }
        Ok(read)
    }

    /// Writes `bytes`, or as many of them as there is room for.
    ///
    /// # Errors
    /// `BadDescriptor`: not open for writing. `TooBig`, `NoSpace`: there is room for none.
    pub fn write(&mut self, number: u32, bytes: &[u8], now: u64) -> Result<usize, Refusal> {
        let descriptor = *self.state.descriptors.get(number)?;
        if !descriptor.write {
            return Err(Refusal::BadDescriptor);
        }
        let size = self.node(descriptor.node)?.len();
        let offset = if descriptor.append { size } else { descriptor.offset };
        let end = self.bound(size, offset.saturating_add(bytes.len() as u64));
        let len = match end {
            Ok(end) | Err((end, _)) => usize::try_from(end.saturating_sub(offset)).unwrap_or(usize::MAX),
        };
        let Some(bytes) = bytes.get(..len).filter(|bytes| !bytes.is_empty()) else {
            return end.map(|_| 0).map_err(|(_, refusal)| refusal);
        };
        self.tree().change(descriptor.node, now, |content| content.write(offset, bytes))?;
        self.descriptors().get_mut(number)?.offset = offset + len as u64;
        Ok(len)
    }

    /// A file of `size` bytes is to have `wanted`; else how many it can have, and why not more.
    fn bound(&self, size: u64, wanted: u64) -> Result<u64, (u64, Refusal)> {
        let room = size + self.state.tree.room();
        if wanted > FILE_BYTES_MAX.min(room) && wanted > size {
            let refusal = if room < FILE_BYTES_MAX { Refusal::NoSpace } else { Refusal::TooBig };
            return Err((FILE_BYTES_MAX.min(room), refusal));
        }
        Ok(wanted)
    }

    /// Cuts a file off, or makes it longer with zeros.
    ///
    /// # Errors
    /// `BadDescriptor`: not open for writing. `TooBig`, `NoSpace`.
    pub fn set_size(&mut self, number: u32, size: u64, now: u64) -> Result<(), Refusal> {
        let descriptor = *self.state.descriptors.get(number)?;
        if !descriptor.write {
            return Err(Refusal::BadDescriptor);
        }
        self.bound(self.node(descriptor.node)?.len(), size)
            .map_err(|(_, refusal)| refusal)?;
        self.tree().change(descriptor.node, now, |content| content.resize(size))
    }

    /// Sets where reading and writing goes on, and says where that is.
    ///
    /// # Errors
    /// `Invalid`: before the beginning. `IsDirectory`.
    pub fn seek(&mut self, number: u32, by: i64, whence: Whence) -> Result<u64, Refusal> {
        let descriptor = *self.state.descriptors.get(number)?;
        let node = self.node(descriptor.node)?;
        if node.is_directory() {
            return Err(Refusal::IsDirectory);
        }
        let from = match whence {
            Whence::Start => 0,
            Whence::Current => descriptor.offset,
            Whence::End => node.len(),
        };
        let offset = from.checked_add_signed(by).filter(|offset| i64::try_from(*offset).is_ok());
        let offset = offset.ok_or(Refusal::Invalid)?;
        if offset != descriptor.offset {
            self.descriptors().get_mut(number)?.offset = offset;
        }
        Ok(offset)
    }

    /// How it was opened; `create` and what goes with it is not kept.
    ///
    /// # Errors
    /// `BadDescriptor`.
    pub fn opening(&self, number: u32) -> Result<Opening, Refusal> {
        let descriptor = self.state.descriptors.get(number)?;
        Ok(Opening {
            directory: self.node(descriptor.node)?.is_directory(),
            read: descriptor.read,
            write: descriptor.write,
            append: descriptor.append,
            ..Opening::default()
        })
    }

    /// From now on every write goes to the end, or not.
    ///
    /// # Errors
    /// `BadDescriptor`.
    pub fn set_append(&mut self, number: u32, append: bool) -> Result<(), Refusal> {
        if self.state.descriptors.get(number)?.append != append {
            self.descriptors().get_mut(number)?.append = append;
        }
        Ok(())
    }

    /// What is known of an open file.
    ///
    /// # Errors
    /// `BadDescriptor`.
    pub fn metadata(&self, number: u32) -> Result<Metadata, Refusal> {
        self.metadata_of(self.state.descriptors.get(number)?.node)
    }

    /// What is known of what the path leads to.
    ///
    /// # Errors
    /// As `stat(2)`.
    pub fn metadata_at(&self, at: u32, path: &[u8]) -> Result<Metadata, Refusal> {
        self.metadata_of(self.walk(self.directory(at)?, path)?.existing()?)
    }

    fn metadata_of(&self, id: NodeId) -> Result<Metadata, Refusal> {
        let node = self.node(id)?;
        Ok(Metadata {
            inode: id,
            is_directory: node.is_directory(),
            size: node.len(),
            links: u64::from(node.linked),
            accessed: node.times.accessed,
            modified: node.times.modified,
            changed: node.times.changed,
        })
    }

    /// Sets times; none stays as it is.
    ///
    /// # Errors
    /// As `utimensat(2)`.
    pub fn set_times(&mut self, at: u32, path: &[u8], accessed: Option<u64>, modified: Option<u64>, now: u64) -> Result<(), Refusal> {
        let id = self.walk(self.directory(at)?, path)?.existing()?;
        let times = self.node(id)?.times;
        if is_packaged(id) {
            return Err(Refusal::ReadOnly);
        }
        self.tree().get_mut(id)?.times = Times {
            accessed: accessed.unwrap_or(times.accessed),
            modified: modified.unwrap_or(times.modified),
            changed: now,
        };
        Ok(())
    }

    /// Makes a directory.
    ///
    /// # Errors
    /// As `mkdir(2)`.
    pub fn create_directory(&mut self, at: u32, path: &[u8], now: u64) -> Result<(), Refusal> {
        let place = self.steps(self.directory(at)?, path)?;
        match (place.node, place.name) {
            (None, Some(name)) => self.make(place.parent, name, Kind::Directory(Directory::default()), now).map(drop),
            _ => Err(Refusal::Exists),
        }
    }

    fn make(&mut self, parent: NodeId, name: &str, kind: Kind, now: u64) -> Result<NodeId, Refusal> {
        if is_packaged(parent) {
            return Err(Refusal::ReadOnly);
        }
        if self.state.tree.depth(parent) >= PATH_DEPTH_MAX {
            return Err(Refusal::NameTooLong);
        }
        self.tree().create(parent, name, kind, now)
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// As `rmdir(2)`.
    pub fn remove_directory(&mut self, at: u32, path: &[u8], now: u64) -> Result<(), Refusal> {
        let place = self.walk(self.directory(at)?, path)?;
        let id = place.existing()?;
        let Kind::Directory(directory) = &self.node(id)?.kind else {
            return Err(Refusal::NotDirectory);
        };
        let is_empty = directory.by_name.is_empty();
        self.removable(id)?;
        if !is_empty {
            return Err(Refusal::NotEmpty);
        }
        if place.name.is_none() {
            return Err(Refusal::Invalid);
        }
        self.unlink(id, now);
        Ok(())
    }

    /// Removes a file. What has it open can go on using it.
    ///
    /// # Errors
    /// As `unlink(2)`.
    pub fn remove_file(&mut self, at: u32, path: &[u8], now: u64) -> Result<(), Refusal> {
        let id = self.walk(self.directory(at)?, path)?.existing()?;
        if self.node(id)?.is_directory() {
            return Err(Refusal::IsDirectory);
        }
        self.removable(id)?;
        self.unlink(id, now);
        Ok(())
    }

    /// Nothing is a link, so this only says how it is none.
    ///
    /// # Errors
    /// `Invalid`, or why there is nothing at the path.
    pub fn read_link(&self, at: u32, path: &[u8]) -> Result<(), Refusal> {
        self.walk(self.directory(at)?, path)?.existing()?;
        Err(Refusal::Invalid)
    }

    pub(crate) fn removable(&self, id: NodeId) -> Result<(), Refusal> {
        match id {
            ROOT | ENVIRONMENT => Err(Refusal::Busy),
            id if is_packaged(id) => Err(Refusal::ReadOnly),
            _ => Ok(()),
        }
    }

    pub(crate) fn unlink(&mut self, id: NodeId, now: u64) {
        self.tree().unlink(id, now);
        self.forget_if_unused(id);
    }

    fn forget_if_unused(&mut self, id: NodeId) {
        if !is_packaged(id) && self.node(id).is_ok_and(|node| !node.linked) && !self.state.descriptors.has(id) {
            self.tree().forget(id);
        }
    }

    pub(crate) fn directory(&self, number: u32) -> Result<NodeId, Refusal> {
        let id = self.state.descriptors.get(number)?.node;
        if self.node(id)?.is_directory() {
            Ok(id)
        } else {
            Err(Refusal::NotDirectory)
        }
    }

    pub(crate) fn node(&self, id: NodeId) -> Result<&Node, Refusal> {
        self.tree_of(id).get(id).ok_or(Refusal::BadDescriptor)
    }

    pub(crate) fn tree_of(&self, id: NodeId) -> &Tree {
        if is_packaged(id) { &self.environment } else { &self.state.tree }
    }

    pub(crate) fn tree(&mut self) -> &mut Tree {
        Arc::make_mut(&mut self.state.tree)
    }

    fn descriptors(&mut self) -> &mut Descriptors {
        Arc::make_mut(&mut self.state.descriptors)
    }
}

/// Below `/environment`, or that itself.
pub(crate) fn is_packaged(id: NodeId) -> bool {
    id >= ENVIRONMENT
}
