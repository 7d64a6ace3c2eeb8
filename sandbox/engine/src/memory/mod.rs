//! The linear memories and stacks of guests, which this crate maps itself.
//!
//! # Why
//!
//! A kernel is data: its memory begins as the image's, a cell changes a few hundred of its fourteen thousand pages, and everything that one does
//! with a kernel (keep it, wake it, fork it, forget it) is something that one does with those pages. The system can do that with page tables,
//! if whoever asks owns the mappings. So the engine hands `wasmtime` memories ([`Slots`]) and stacks ([`Stacks`]) of its own.
//!
//! # A slot
//!
//! ```text
//!            ┌── slot.base
//!            │   image, copy on write       grown       not there yet       guard
//!   guard    │┌──────────┬───────┬────────┬───────────┬───────────────────┬────────┐
//!  ──────────┼┤ memory   │ layer │ memory │ zeros     │ no access         │        │
//!            │└──────────┴───────┴────────┴───────────┴───────────────────┴────────┘
//!            0                         image's end   size                4 GiB
//! ```
//!
//! A [`Slot`] is a reservation of address space. Compiled code checks no bounds: it adds a 32-bit address to the base, so whatever it can name
//! lies within 4 GiB and a guard, and everything there that is not the guest's faults. The image's memory is a memfd that was sealed before it was
//! checked ([`Sealed`]); it is mapped `MAP_PRIVATE`, so a page that nobody wrote is shared by all kernels, and one that was written is the kernel's
//! own.
//!
//! # Layers
//!
//! [`Layers`] says what a kernel's pages are copies of. [`Layers::freeze`] copies the pages that a kernel wrote into a sealed memfd of their own
//! and maps that, copy on write again, over the same places: nothing changes for the guest, but now those pages can be shared. Another slot that
//! maps the same layers is a fork; the page map then tells what was written since, which is all that the next checkpoint has to look at.
//! Layers are never changed, and live as long as a kernel or a checkpoint needs them. A slot has a bounded number of mappings, and so has the
//! process ([`Mappings`]): where layers would be too scattered, or mappings get scarce, pages are copied instead.
//!
//! # Idle kernels
//!
//! A kernel that waits needs no slot, no stack and no instance. [`Folded`] is its memory without a place: its layers, and the words that differ from
//! them. Folding and unfolding take tens of microseconds, because the instances that it passes through have the pages already.
//!
//! # Tenants
//!
//! No byte of one kernel reaches the next. A slot goes back to [`Slots`] with the image restored (written pages overwritten where they are few and
//! so can stay resident, dropped where they are many) and nothing mapped beyond it. A stack goes back to [`Stacks`] as zeros.
//!
//! # Safety
//!
//! Mappings are replaced beneath a memory only where somebody holds that memory's `&mut [u8]`, or nobody can reach it any more. Each block says
//! which of the two it is.

mod folded;
mod layers;
mod mappings;
mod runs;
mod sealed;
mod slot;
mod slots;
mod stack;

pub(crate) use folded::Folded;
pub(crate) use layers::{Frozen, Layers};
pub(crate) use mappings::Mappings;
pub(crate) use sealed::Sealed;
pub(crate) use slot::Slot;
pub(crate) use slots::Slots;
pub(crate) use stack::{Stack, Stacks, adopt};

use selvedge_checkpoint::PAGE_BYTES;

/// What a 32-bit guest can address.
pub(crate) const RESERVATION_BYTES: usize = 4 << 30;
/// Lies before and behind each memory. Compiled code leaves out the check of a constant offset that is smaller.
pub(crate) const GUARD_BYTES: usize = 32 << 20;

/// Memory that stays resident in a slot between two tenants: taking a page that is there costs a twentieth of faulting it in.
pub(crate) const RESIDENT_BYTES: usize = 2 << 20;

/// Whether this machine's pages are those of checkpoints. Nothing here works otherwise.
pub(crate) fn is_supported() -> bool {
    rustix::param::page_size() == PAGE_BYTES
}
