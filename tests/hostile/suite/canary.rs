//! Patterns that no one but their owner may ever see.

use std::fmt;

use rustix::rand::{GetRandomFlags, getrandom};

/// How often a kernel holds its own pattern.
const COPIES: usize = 4096;

/// 32 random letters: the same in memory, in output, in JSON and in logs.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Canary(String);

impl Canary {
    pub(crate) fn new() -> Self {
        let mut bytes = [0; 32];
        getrandom(&mut bytes, GetRandomFlags::empty()).unwrap();
        Self(bytes.iter().map(|byte| char::from(b'a' + byte % 26)).collect())
    }

    /// A cell that fills 128 KiB and 4,096 objects with it.
    pub(crate) fn planted(&self, language: &str) -> String {
        let Self(canary) = self;
        match language {
            "javascript" => format!("var kept = 41; var canaries = '{canary}'.repeat({COPIES}).match(/.{{32}}/g);"),
            _ => format!("kept = 41\n_c = '{canary}'\n_c = [bytearray(_c * {COPIES}, 'ascii'), [_c + str(_i) for _i in range({COPIES})]]"),
        }
    }

    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.0)
    }

    /// Searched for as bytes, for files and memory.
    pub(crate) fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        bytes.windows(32).any(|window| window == self.0.as_bytes())
    }

    /// Written so that whoever searches for it does not hold it before.
    pub(crate) fn disguised(&self) -> String {
        self.0.bytes().rev().map(|byte| format!("{:02x}", byte ^ 0x55)).collect()
    }
}

/// Not shown where a failure is shown: that would put it into logs.
impl fmt::Debug for Canary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Canary")
    }
}

/// A cell that looks for the patterns of others in everything that it can get hold of. Prints what it found, so nothing when all is well.
pub(crate) const SPY: &str = r#"
import gc, io, array, sys
needles = [bytes(byte ^ 0x55 for byte in reversed(bytes.fromhex(word))) for word in input().split()]
blocks = [bytearray(size) for size in (64, 4096, 65536, 1 << 20, 8 << 20) for _ in range(2)]
grown = io.BytesIO()
grown.seek(1 << 20)
grown.write(b"\0")
blocks += [grown.getvalue(), bytes(1 << 20), array.array("q", bytes(1 << 16)).tobytes()]
for block in blocks:
    if block.count(0) != len(block):
        print("a fresh block of", len(block), "bytes is not zero")
words = [needle.decode() for needle in needles]
for thing in gc.get_objects():
    if isinstance(thing, (list, tuple, set)) and thing is not words:
        thing = list(thing)
    elif isinstance(thing, dict) and thing is not globals():
        thing = list(thing.values())
    else:
        continue
    for item in thing:
        if isinstance(item, str) and item not in words and any(word in item for word in words):
            print("found in a", type(item).__name__)
"#;
