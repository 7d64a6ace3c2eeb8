use super::errno::answer;
use super::guest_memory::{parts, slice_mut};
use super::{Host, WASI_MODULE};
use std::fmt;
use wasmtime::{Caller, Linker};

/// Random bytes of one kernel: a stream that its seed determines and that tells nothing about the seed.
pub struct Entropy(blake3::OutputReader);

impl Entropy {
    /// The stream of this seed. Kernels must not share one.
    #[must_use]
    pub fn seeded(seed: [u8; 32]) -> Self {
        Self(blake3::Hasher::new_keyed(&seed).update(b"selvedge guest entropy").finalize_xof())
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Entropy")
    }
}

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(WASI_MODULE, "random_get", |mut caller: Caller<'_, Host>, at: u32, len: u32| {
        answer(parts(&mut caller).and_then(|(memory, host)| {
            host.entropy.0.fill(slice_mut(memory, at, len)?);
            Ok(())
        }))
    })?;
    Ok(())
}
