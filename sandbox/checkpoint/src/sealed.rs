//! Objects as they are kept: encrypted and authenticated with a key of their kernel, which is made from the key of its project.
//!
//! ```text
//! BLAKE3 of the rest (32) · head (86) · nonce (24) · the object, encrypted · tag (16)
//! ```
//!
//! The hash tells a torn file from a whole one without any key, and is the object's id. The tag binds the object to its kernel, its number and
//! its parents: one that was altered, renamed, or put into another kernel's or project's folder does not open.

use std::fmt;
use std::str::FromStr;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::state::Hash;

const MAGIC: &[u8; 8] = b"SLVGSEAL";
const VERSION: u32 = 1;
const ID_BYTES: usize = 32;
const HEAD_BYTES: usize = 8 + 4 + 8 + 8 + 1 + 1 + 16 + 8 + 32;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// So many bytes at the start of a sealed object say everything but its contents.
pub(crate) const PEEK_BYTES: usize = ID_BYTES + HEAD_BYTES;
const CONTENTS_AT: usize = PEEK_BYTES + NONCE_BYTES;

/// A kernel's id: `krn_` and 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KernelId([u8; 16]);

/// Text that is no kernel's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is not the id of a kernel")]
pub struct NotAKernel;

impl FromStr for KernelId {
    type Err = NotAKernel;

    fn from_str(text: &str) -> Result<Self, NotAKernel> {
        let digits = text.strip_prefix("krn_").ok_or(NotAKernel)?;
        let mut id = [0; 16];
        hex::decode_to_slice(digits, &mut id).map_err(|_| NotAKernel)?;
        // Ids become file names: one kernel has one.
        if digits.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotAKernel);
        }
        Ok(Self(id))
    }
}

impl fmt::Display for KernelId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "krn_{}", hex::encode(self.0))
    }
}

impl fmt::Debug for KernelId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A project's key. Does not show in debug output and is wiped when it is dropped.
#[derive(Clone)]
pub struct ProjectKey(Zeroizing<[u8; 32]>);

impl ProjectKey {
    /// The key that the edge made with the project.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn cipher(&self, kernel: KernelId) -> XChaCha20Poly1305 {
        let mut hasher = blake3::Hasher::new_derive_key("selvedge 2026-11 kernel checkpoints");
        hasher.update(&*self.0).update(&kernel.0);
        let key = Zeroizing::new(*hasher.finalize().as_bytes());
        XChaCha20Poly1305::new((&*key).into())
    }
}

impl fmt::Debug for ProjectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ProjectKey")
    }
}

/// Where an object is, and which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// In whose folder.
    pub kernel: KernelId,
    /// Its number there.
    pub number: u64,
    /// BLAKE3 of the sealed object.
    pub id: Hash,
}

/// What an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everything: it needs no parent to be restored.
    Full,
    /// What differs from its parent.
    Delta,
    /// Nothing: the kernel is as its parent was. A rewind, or the beginning of a fork.
    Same,
}

/// What an object says about itself without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number in its kernel's folder.
    pub number: u64,
    /// When it was made: milliseconds since the epoch.
    pub at: u64,
    /// What it holds.
    pub kind: Kind,
    /// The state before it.
    pub parent: Option<Place>,
}

/// Why a sealed object does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It is not what was written.
    #[error("this checkpoint is damaged: it was cut off or altered")]
    Damaged,
    /// It is whole, but it is none, or one of another version.
    #[error("this checkpoint was not written by this version of the program; it cannot be restored here")]
    Unknown,
    /// It was not sealed with this key, for this kernel, under this number.
    #[error("this checkpoint was altered, or belongs to another kernel or project")]
    Foreign,
}

/// Seals an object. Returns its id as well.
///
/// # Errors
/// The system gives no randomness, or the object is too large for the cipher (256 GiB).
pub fn seal(key: &ProjectKey, kernel: KernelId, head: &Head, object: &[u8]) -> std::io::Result<(Hash, Vec<u8>)> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|error| std::io::Error::other(error.to_string()))?;
    let head = head.encode();
    let mut out = Vec::with_capacity(CONTENTS_AT + object.len() + TAG_BYTES);
    out.extend_from_slice(&[0; ID_BYTES]);
    out.extend_from_slice(&head);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(object);
    let contents = out.get_mut(CONTENTS_AT..).unwrap_or_default();
    let tag = key
        .cipher(kernel)
        .encrypt_inout_detached(&XNonce::from(nonce), &bound(kernel, &head), contents.into())
        .map_err(|_| std::io::Error::other("the object is too large to be sealed"))?;
    out.extend_from_slice(&tag);
    let id = *blake3::hash(out.get(ID_BYTES..).unwrap_or_default()).as_bytes();
    if let Some(place) = out.first_chunk_mut() {
        *place = id;
    }
    Ok((id, out))
}

/// Opens the object `number` of `kernel`; what it held replaces `sealed`.
///
/// # Errors
/// See [`SealError`]; nothing was decrypted then.
pub fn open(key: &ProjectKey, kernel: KernelId, number: u64, mut sealed: Vec<u8>) -> Result<(Hash, Head, Vec<u8>), SealError> {
    let (id, head) = verify(&sealed)?;
    if head.number != number {
        return Err(SealError::Foreign);
    }
    let (front, contents) = sealed.split_at_mut_checked(CONTENTS_AT).ok_or(SealError::Damaged)?;
    let (contents, tag) = contents.split_last_chunk_mut::<TAG_BYTES>().ok_or(SealError::Damaged)?;
    let nonce = front.last_chunk::<NONCE_BYTES>().ok_or(SealError::Damaged)?;
    let len = contents.len();
    key.cipher(kernel)
        .decrypt_inout_detached(
            &XNonce::from(*nonce),
            &bound(kernel, &head.encode()),
            contents.into(),
            &Tag::from(*tag),
        )
        .map_err(|_| SealError::Foreign)?;
    sealed.drain(..CONTENTS_AT);
    sealed.truncate(len);
    Ok((id, head, sealed))
}

/// Whether this is a whole object, and what it says about itself.
///
/// # Errors
/// `Damaged`, `Unknown`.
pub fn verify(sealed: &[u8]) -> Result<(Hash, Head), SealError> {
    let (id, rest) = sealed.split_first_chunk().ok_or(SealError::Damaged)?;
    if blake3::hash(rest) != *id {
        return Err(SealError::Damaged);
    }
    peek(sealed)
}

/// What a sealed object says about itself, from its first [`PEEK_BYTES`] bytes. Nothing is checked: that is what opening is for.
pub(crate) fn peek(front: &[u8]) -> Result<(Hash, Head), SealError> {
    let (id, rest) = front.split_first_chunk().ok_or(SealError::Damaged)?;
    let head = rest.first_chunk().ok_or(SealError::Unknown)?;
    Ok((*id, Head::decode(head).ok_or(SealError::Unknown)?))
}

/// What the tag covers beside the contents.
fn bound(kernel: KernelId, head: &[u8; HEAD_BYTES]) -> [u8; 16 + HEAD_BYTES] {
    let mut bound = [0; 16 + HEAD_BYTES];
    let (first, second) = bound.split_at_mut(16);
    first.copy_from_slice(&kernel.0);
    second.copy_from_slice(head);
    bound
}

impl Head {
    fn encode(&self) -> [u8; HEAD_BYTES] {
        let parent = self.parent.unwrap_or(Place {
            kernel: KernelId([0; 16]),
            number: 0,
            id: [0; 32],
        });
        let kind = match self.kind {
            Kind::Full => 0,
            Kind::Delta => 1,
            Kind::Same => 2,
        };
        let mut head = [0; HEAD_BYTES];
        let mut rest = head.as_mut_slice();
        for field in [
            MAGIC.as_slice(),
            &VERSION.to_le_bytes(),
            &self.number.to_le_bytes(),
            &self.at.to_le_bytes(),
            &[kind, u8::from(self.parent.is_some())],
            &parent.kernel.0,
            &parent.number.to_le_bytes(),
            &parent.id,
        ] {
            if let Some(place) = rest.split_off_mut(..field.len()) {
                place.copy_from_slice(field);
            }
        }
        head
    }

    fn decode(head: &[u8; HEAD_BYTES]) -> Option<Self> {
        let (front, rest) = head.split_first_chunk::<12>()?;
        if front.strip_prefix(MAGIC)? != VERSION.to_le_bytes() {
            return None;
        }
        let (number, rest) = rest.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (flags, rest) = rest.split_first_chunk::<2>()?;
        let (kernel, rest) = rest.split_first_chunk()?;
        let (parent_number, rest) = rest.split_first_chunk()?;
        let place = Place {
            kernel: KernelId(*kernel),
            number: u64::from_le_bytes(*parent_number),
            id: *rest.first_chunk()?,
        };
        let (kind, parent) = match flags {
            [0, 0] => (Kind::Full, None),
            [0, 1] => (Kind::Full, Some(place)),
            [1, 1] => (Kind::Delta, Some(place)),
            [2, 1] => (Kind::Same, Some(place)),
            _ => return None,
        };
        Some(Self {
            number: u64::from_le_bytes(*number),
            at: u64::from_le_bytes(*at),
            kind,
            parent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel(digit: &str) -> KernelId {
        format!("krn_{}", digit.repeat(32)).parse().unwrap()
    }

    fn head() -> Head {
        Head {
            number: 7,
            at: 99,
            kind: Kind::Delta,
            parent: Some(Place {
                kernel: kernel("b"),
                number: 6,
                id: [3; 32],
            }),
        }
    }

    #[test]
    fn what_was_sealed_opens_and_nothing_of_it_shows() {
        let key = ProjectKey::new([1; 32]);
        let object = b"the secret of the kernel".repeat(3);
        let (id, sealed) = seal(&key, kernel("a"), &head(), &object).unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(verify(&sealed).unwrap(), (id, head()));
        assert_eq!(peek(&sealed[..PEEK_BYTES]).unwrap(), (id, head()));
        assert_eq!(open(&key, kernel("a"), 7, sealed).unwrap(), (id, head(), object));
        // The same object twice is not the same bytes.
        let (other, _) = seal(&key, kernel("a"), &head(), b"").unwrap();
        assert_ne!(other, seal(&key, kernel("a"), &head(), b"").unwrap().0);
        assert_eq!(format!("{key:?}"), "ProjectKey");
    }

    #[test]
    fn every_cut_and_every_altered_byte_is_refused_even_with_its_hash_made_right() {
        let key = ProjectKey::new([1; 32]);
        let (_, sealed) = seal(&key, kernel("a"), &head(), &[5; 40]).unwrap();
        let certified = |bytes: &[u8]| [blake3::hash(bytes).as_bytes(), bytes].concat();
        for len in 0..sealed.len() {
            assert_eq!(
                open(&key, kernel("a"), 7, sealed[..len].to_vec()).unwrap_err(),
                SealError::Damaged,
                "{len}"
            );
            if let Some(cut) = sealed.get(32..len) {
                assert!(open(&key, kernel("a"), 7, certified(cut)).is_err(), "{len}");
            }
        }
        for index in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[index] ^= 1;
            if index >= 32 {
                assert!(open(&key, kernel("a"), 7, certified(&altered[32..])).is_err(), "{index}");
            }
            assert_eq!(open(&key, kernel("a"), 7, altered).unwrap_err(), SealError::Damaged, "{index}");
        }
    }

    #[test]
    fn an_object_opens_only_in_its_own_place() {
        let key = ProjectKey::new([1; 32]);
        let (_, sealed) = seal(&key, kernel("a"), &head(), b"object").unwrap();
        let refused = |key: &ProjectKey, kernel, number| open(key, kernel, number, sealed.clone()).unwrap_err();
        assert_eq!(refused(&key, kernel("c"), 7), SealError::Foreign);
        assert_eq!(refused(&key, kernel("a"), 8), SealError::Foreign);
        assert_eq!(refused(&ProjectKey::new([2; 32]), kernel("a"), 7), SealError::Foreign);
    }

    #[test]
    fn only_ids_of_one_form_are_kernels() {
        for bad in [
            "",
            "krn_",
            "krn_../../../../../../../../../../etc",
            &format!("krn_{}", "A".repeat(32)),
            &"a".repeat(36),
        ] {
            assert_eq!(bad.parse::<KernelId>(), Err(NotAKernel), "{bad}");
        }
        assert_eq!(kernel("a").to_string(), format!("krn_{}", "a".repeat(32)));
    }
}
