use wasmtime::ResourceLimiter;

/// Decides how far a guest's memory grows.
#[derive(Debug)]
pub(crate) struct MemoryLimit {
    bytes: usize,
    refused: bool,
}

impl MemoryLimit {
    /// For the next cell.
    pub(crate) fn set(&mut self, bytes: u64) {
        *self = Self {
            bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
            refused: false,
        };
    }

    /// Whether growing was refused since [`MemoryLimit::set`].
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }
}

impl Default for MemoryLimit {
    fn default() -> Self {
        Self {
            bytes: usize::MAX,
            refused: false,
        }
    }
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(&mut self, _current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let allowed = desired <= self.bytes && maximum.is_none_or(|maximum| desired <= maximum);
        self.refused |= !allowed;
        Ok(allowed)
    }

    fn table_growing(&mut self, _current: usize, _desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}
