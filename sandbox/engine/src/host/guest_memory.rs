//! Reading and writing a guest's memory: every address and length that it names is checked, none is trusted.

use super::Host;
use super::errno::{Errno, FAULT, INVAL};
use wasmtime::Caller;

/// The instance's memory and its host, apart.
pub(super) fn parts<'a>(caller: &'a mut Caller<'_, Host>) -> Result<(&'a mut [u8], &'a mut Host), Errno> {
    let memory = caller.data().memory.ok_or(FAULT)?;
    Ok(memory.data_and_store_mut(caller))
}

pub(super) fn slice(memory: &[u8], at: u32, len: u32) -> Result<&[u8], Errno> {
    let at = at as usize;
    memory.get(at..at.checked_add(len as usize).ok_or(FAULT)?).ok_or(FAULT)
}

pub(super) fn slice_mut(memory: &mut [u8], at: u32, len: u32) -> Result<&mut [u8], Errno> {
    let at = at as usize;
    memory.get_mut(at..at.checked_add(len as usize).ok_or(FAULT)?).ok_or(FAULT)
}

pub(super) fn read<const N: usize>(memory: &[u8], at: u32) -> Result<[u8; N], Errno> {
    memory.get(at as usize..).and_then(|rest| rest.first_chunk()).copied().ok_or(FAULT)
}

pub(super) fn write<const N: usize>(memory: &mut [u8], at: u32, value: [u8; N]) -> Result<(), Errno> {
    memory
        .get_mut(at as usize..)
        .and_then(|rest| rest.first_chunk_mut())
        .map(|place| *place = value)
        .ok_or(FAULT)
}

/// Most buffers that one call can name, as `IOV_MAX` says to the guest.
const BUFFERS_MAX: u32 = 1024;

/// The buffers of a scatter or gather call, as addresses and lengths.
pub(super) fn buffers(memory: &[u8], list: u32, count: u32) -> Result<Vec<(u32, u32)>, Errno> {
    if count > BUFFERS_MAX {
        return Err(INVAL);
    }
    let (entries, _) = slice(memory, list, count.checked_mul(8).ok_or(FAULT)?)?.as_chunks::<8>();
    Ok(entries
        .iter()
        .map(|&[a, b, c, d, e, f, g, h]| (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])))
        .collect())
}
