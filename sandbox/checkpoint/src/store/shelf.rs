//! What is known about one kernel's folder.

use std::collections::BTreeMap;

use crate::objects::Objects;
use crate::sealed::{Head, KernelId, PEEK_BYTES, peek};
use crate::state::Hash;
use crate::store::StoreError;

/// One object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// Its id and what it says about itself, when somebody wanted to know.
    head: Option<(Hash, Head)>,
    /// Its size.
    pub(super) bytes: u64,
}

/// Something in a folder that is no object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// A name for the object of this number.
    Name(u64, String),
    /// This kernel began from the object of this number.
    Pin(u64, KernelId),
    /// Up to this number nothing could be read.
    Aside(u64),
    /// Up to this number everything was removed.
    Removed(u64),
}

impl Mark {
    /// Its name in the folder.
    pub(super) fn file(&self) -> String {
        match self {
            Self::Name(number, name) => format!("name-{number}.{}", hex::encode(name)),
            Self::Pin(number, kernel) => format!("pin-{number}.{kernel}"),
            Self::Aside(number) => format!("aside-{number}"),
            Self::Removed(number) => format!("removed-{number}"),
        }
    }

    fn parse(file: &str) -> Option<Self> {
        let (kind, rest) = file.split_once('-')?;
        let numbered = || {
            let (number, rest) = rest.split_once('.')?;
            Some((number.parse().ok()?, rest))
        };
        match kind {
            "name" => {
                let (number, name) = numbered()?;
                Some(Self::Name(number, String::from_utf8(hex::decode(name).ok()?).ok()?))
            }
            "pin" => {
                let (number, kernel) = numbered()?;
                Some(Self::Pin(number, kernel.parse().ok()?))
            }
            "aside" => rest.parse().ok().map(Self::Aside),
            "removed" => rest.parse().ok().map(Self::Removed),
            _ => None,
        }
    }
}

/// What is known about one kernel's folder.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    looked: bool,
    pub(super) items: BTreeMap<u64, Item>,
    pub(super) marks: Vec<Mark>,
    /// Since when this store has known that nobody can come back to these: milliseconds since the epoch.
    pub(super) condemned: BTreeMap<u64, u64>,
}

impl Shelf {
    /// Whether anybody has looked at the medium.
    pub(super) fn looked(&self) -> bool {
        self.looked
    }

    /// Look at the medium. What was read of objects stays: a number has one object.
    pub(super) fn look(&mut self, objects: &dyn Objects, kernel: KernelId) -> Result<(), StoreError> {
        let before = std::mem::take(self);
        for listed in objects.list(&kernel.to_string())? {
            if let Ok(number) = listed.name.parse() {
                if !listed.whole {
                    continue;
                }
                let known = before.items.get(&number).filter(|item| item.bytes == listed.bytes);
                let item = Item {
                    head: known.and_then(|item| item.head),
                    bytes: listed.bytes,
                };
                self.items.insert(number, item);
            } else if let Some(mark) = Mark::parse(&listed.name) {
                // Nobody was told of one that was not written to its end.
                self.marks.extend(Some(mark).filter(|_| listed.whole));
            } else {
                // Perhaps all that a kernel is, in the format of another version: not to be taken for nothing.
                return Err(StoreError::Unknown { name: listed.name });
            }
        }
        self.condemned = before.condemned;
        self.condemned.retain(|number, _| self.items.contains_key(number));
        self.looked = true;
        Ok(())
    }

    /// The newest object, if it is what the kernel is.
    pub(super) fn newest(&self) -> Option<u64> {
        let (number, _) = self.items.last_key_value()?;
        (*number > self.removed().max(self.aside())).then_some(*number)
    }

    /// Whether an object is there for its owner to use.
    pub(super) fn has(&self, number: u64) -> bool {
        number > self.removed() && self.items.contains_key(&number)
    }

    /// The number of the next object.
    pub(super) fn next(&self) -> u64 {
        let newest = self.items.last_key_value().map_or(0, |(number, _)| *number);
        newest.max(self.removed()).max(self.aside()) + 1
    }

    /// Up to here everything was removed.
    pub(super) fn removed(&self) -> u64 {
        let removed = self
            .marks
            .iter()
            .map(|mark| if let Mark::Removed(number) = mark { *number } else { 0 });
        removed.max().unwrap_or(0)
    }

    fn aside(&self) -> u64 {
        let aside = self
            .marks
            .iter()
            .map(|mark| if let Mark::Aside(number) = mark { *number } else { 0 });
        aside.max().unwrap_or(0)
    }

    /// An object was kept.
    pub(super) fn add(&mut self, id: Hash, head: Head, bytes: u64) {
        let item = Item {
            head: Some((id, head)),
            bytes,
        };
        self.items.insert(head.number, item);
    }

    /// An object's id and what it says about itself.
    pub(super) fn head(&mut self, objects: &dyn Objects, kernel: KernelId, number: u64) -> Result<(Hash, Head), StoreError> {
        let item = self.items.get_mut(&number).ok_or(StoreError::NoSuch { number })?;
        if let Some(head) = item.head {
            return Ok(head);
        }
        let front = objects.front(&kernel.to_string(), &number.to_string(), PEEK_BYTES)?;
        let head = peek(&front).map_err(|why| StoreError::Sealed { number, why })?;
        item.head = Some(head);
        Ok(head)
    }
}
