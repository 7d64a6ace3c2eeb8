//! Deterministic ports for tests and simulations.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;

use crate::shapes::{ResultSet, SqlError, Statement};
use crate::{Clock, Entropy, Settings, Sql, TimestampMs};

/// A clock that moves only when told; sleeping moves it.
#[derive(Debug)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// Starts at this time.
    pub const fn at(now: TimestampMs) -> Self {
        Self(AtomicU64::new(now))
    }

    /// Moves forward.
    pub fn advance(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> TimestampMs {
        self.0.load(Ordering::SeqCst)
    }

    async fn sleep(&self, ms: u64) {
        self.advance(ms);
    }
}

/// SplitMix64: the same bytes for the same seed. Never for real keys.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// Starts from this seed.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let mut z = self
                .0
                .fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst)
                .wrapping_add(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            for (to, from) in chunk.iter_mut().zip((z ^ (z >> 31)).to_le_bytes()) {
                *to = from;
            }
        }
    }
}

/// Settings from a map.
#[derive(Clone, Debug, Default)]
pub struct MapSettings(pub HashMap<String, String>);

impl Settings for MapSettings {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// A store that one call in three loses: half of those before anything was done, half after it was done and only the answer is missing.
/// The same seed loses the same calls.
pub struct LossySql {
    inner: Arc<dyn Sql>,
    chance: SeededEntropy,
}

/// What becomes of one call.
#[derive(PartialEq, Eq)]
enum Fate {
    Kept,
    LostBefore,
    LostAfter,
}

impl LossySql {
    /// Loses calls to this store.
    pub fn new(inner: Arc<dyn Sql>, seed: u64) -> Self {
        Self {
            inner,
            chance: SeededEntropy::new(seed),
        }
    }

    fn fate(&self) -> Fate {
        let mut byte = [0];
        self.chance.fill(&mut byte);
        match byte {
            [0..43] => Fate::LostBefore,
            [43..86] => Fate::LostAfter,
            _ => Fate::Kept,
        }
    }
}

#[async_trait]
impl Sql for LossySql {
    async fn query(&self, statement: Statement) -> Result<ResultSet, SqlError> {
        let results = self.batch(vec![statement]).await?;
        results.into_iter().next().ok_or_else(|| SqlError::Invalid("no result".to_owned()))
    }

    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<ResultSet>, SqlError> {
        let lost = || Err(SqlError::Unavailable("lost by a test".to_owned()));
        let fate = self.fate();
        if fate == Fate::LostBefore {
            return lost();
        }
        let answer = self.inner.batch(statements).await;
        if fate == Fate::LostAfter { lost() } else { answer }
    }
}
