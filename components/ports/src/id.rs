//! Typed ids: a prefix, an underscore and the 32 hexadecimal digits of a UUIDv7, so ids of one kind sort by time.

use crate::{Clock, Entropy, Id};

/// Kinds of things that have an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A principal.
    User,
    /// A project.
    Project,
    /// A notebook.
    Notebook,
    /// A cell.
    Cell,
    /// A kernel.
    Kernel,
    /// A run.
    Run,
    /// An API key.
    Key,
    /// A sign-in session.
    SignIn,
    /// A ledger transfer.
    Transfer,
    /// One HTTP request.
    Request,
}

impl Kind {
    /// The prefix before the underscore.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::User => "usr",
            Self::Project => "prj",
            Self::Notebook => "ntb",
            Self::Cell => "cel",
            Self::Kernel => "krn",
            Self::Run => "run",
            Self::Key => "key",
            Self::SignIn => "sgn",
            Self::Transfer => "trf",
            Self::Request => "req",
        }
    }
}

/// A new id of this kind: UUIDv7 (RFC 9562 §5.7), 48 bits of milliseconds and 74 random bits.
pub fn new(kind: Kind, clock: &dyn Clock, entropy: &dyn Entropy) -> Id {
    let mut bytes = [0_u8; 16];
    entropy.fill(&mut bytes);
    let random = u128::from_be_bytes(bytes);
    let time = u128::from(clock.now()) << 80;
    let version = 0x7_u128 << 76;
    let variant = 0b10_u128 << 62;
    let kept = random & !(u128::from(u64::MAX >> 16) << 80) & !(0xF_u128 << 76) & !(0b11_u128 << 62);
    format!("{}_{:032x}", kind.prefix(), time | version | variant | kept)
}

/// Does `id` look like an id of this kind? Says nothing about whether the thing exists.
pub fn is(kind: Kind, id: &str) -> bool {
    id.strip_prefix(kind.prefix())
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{ManualClock, SeededEntropy};

    #[test]
    fn ids_are_version_7_and_sort_by_time() {
        let clock = ManualClock::at(1_700_000_000_000);
        let entropy = SeededEntropy::new(7);
        let first = new(Kind::Run, &clock, &entropy);
        clock.advance(1);
        let second = new(Kind::Run, &clock, &entropy);
        assert!(first < second, "{first} {second}");
        assert!(is(Kind::Run, &first) && !is(Kind::Cell, &first));
        let uuid = first.strip_prefix("run_").unwrap();
        assert_eq!(&uuid[12..13], "7");
        assert!("89ab".contains(&uuid[16..17]));
    }
}
