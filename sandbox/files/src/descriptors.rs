use crate::refusal::Refusal;
use crate::tree::{NodeId, ROOT};
use selvedge_protocol::limits::OPEN_FILES_MAX;
use std::collections::BTreeMap;

/// The descriptor of `/`, open from the beginning. Those below it are the standard streams, which are not files.
pub(crate) const FIRST: u32 = 3;

/// An open file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptor {
    pub(crate) node: NodeId,
    pub(crate) offset: u64,
    pub(crate) read: bool,
    pub(crate) write: bool,
    pub(crate) append: bool,
}

/// What is open, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Descriptors(BTreeMap<u32, Descriptor>);

impl Default for Descriptors {
    fn default() -> Self {
        let root = Descriptor {
            node: ROOT,
            offset: 0,
            read: true,
            write: false,
            append: false,
        };
        Self(BTreeMap::from([(FIRST, root)]))
    }
}

impl Descriptors {
    pub(crate) fn new(open: BTreeMap<u32, Descriptor>) -> Self {
        Self(open)
    }

    pub(crate) fn get(&self, number: u32) -> Result<&Descriptor, Refusal> {
        self.0.get(&number).ok_or(Refusal::BadDescriptor)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Result<&mut Descriptor, Refusal> {
        self.0.get_mut(&number).ok_or(Refusal::BadDescriptor)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Descriptor)> {
        self.0.iter().map(|(number, descriptor)| (*number, descriptor))
    }

    pub(crate) fn has(&self, node: NodeId) -> bool {
        self.0.values().any(|descriptor| descriptor.node == node)
    }

    /// The lowest free number.
    pub(crate) fn free(&self) -> Result<u32, Refusal> {
        let taken = (FIRST..).zip(self.0.keys()).take_while(|(number, taken)| number == *taken).count();
        if self.0.len() as u64 > OPEN_FILES_MAX {
            return Err(Refusal::TooManyOpen);
        }
        Ok(FIRST + u32::try_from(taken).unwrap_or(u32::MAX - FIRST))
    }

    pub(crate) fn put(&mut self, number: u32, descriptor: Descriptor) {
        self.0.insert(number, descriptor);
    }

    pub(crate) fn remove(&mut self, number: u32) -> Result<Descriptor, Refusal> {
        self.0.remove(&number).ok_or(Refusal::BadDescriptor)
    }
}
