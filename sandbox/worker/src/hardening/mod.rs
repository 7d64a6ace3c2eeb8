//! The wall: what this process gives up before it runs the first guest.
//!
//! Almost every layer belongs to a thread and is inherited by the threads that it starts, so all of it is put up while there is only one. It
//! comes in two steps, because the image has to be read in between. A layer that the kernel does not have is reported, never an error: see
//! `docs/decisions/0013-the-worker-builds-its-own-wall.md`.

mod descriptors;
mod landlock;
mod limits;
mod namespaces;
mod root;
mod seccomp;

use std::fs;
use std::io;
use std::os::fd::{OwnedFd, RawFd};

use rustix::process::{DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal};
use rustix::thread::{CapabilitySet, CapabilitySets, capabilities, clear_ambient_capability_set, set_capabilities, set_no_new_privs};
use selvedge_protocol::hardening::{Layer, LayerName, LayerState};

pub use limits::Needs;
use namespaces::Place;

/// The wall as far as it stands. [`Wall::begin`], then open what is needed, then [`Wall::close`].
#[derive(Debug)]
pub struct Wall {
    layers: Vec<Layer>,
    without: &'static [LayerName],
    place: Place,
}

/// Threads that were started too early would be outside.
#[derive(Debug, thiserror::Error)]
#[error("the worker had {0} threads when it closed its wall; all but one would be outside. This is a defect of the worker")]
pub struct Outside(usize);

impl Wall {
    /// The first thing that a process does: lets go of what it was started with, and of the rest of the machine. Files can still be opened. Of the
    /// descriptors that it was started with it keeps those of `wanted` that are sealed files in memory.
    #[must_use]
    pub fn begin(wanted: &[RawFd]) -> (Self, Vec<OwnedFd>) {
        Self::begin_without(&[], wanted)
    }

    /// The same with some layers left off, to see what the others hold alone.
    #[must_use]
    pub fn begin_without(without: &'static [LayerName], wanted: &[RawFd]) -> (Self, Vec<OwnedFd>) {
        let mut wall = Self {
            layers: Vec::new(),
            without,
            place: Place::Outside,
        };
        let mut kept = Vec::new();
        wall.put_up(LayerName::Descriptors, || descriptors::close_inherited(wanted, &mut kept));
        limits::end_first_when_memory_is_short();
        let mut place = Place::Outside;
        wall.put_up(LayerName::Namespaces, || namespaces::enter(&mut place));
        (Self { place, ..wall }, kept)
    }

    /// Everything else. From here on this process computes, talks over the descriptors that it has, and can do nothing else.
    ///
    /// # Errors
    /// There is more than one thread; nothing was changed.
    pub fn close(mut self, needs: Needs) -> Result<Vec<Layer>, Outside> {
        let threads = fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
        if threads > 1 {
            return Err(Outside(threads));
        }
        let place = self.place;
        self.put_up(LayerName::Limits, || limits::set(needs, place));
        self.put_up(LayerName::Root, || root::empty(place));
        self.put_up(LayerName::NoNewPrivs, no_new_privs);
        self.put_up(LayerName::Landlock, landlock::forbid_everything);
        self.put_up(LayerName::Capabilities, give_up_rights);
        self.put_up(LayerName::Undumpable, undumpable);
        end_with_the_node();
        // The last one: what the others need is not on its list.
        self.put_up(LayerName::Seccomp, seccomp::allow_what_guests_take);
        Ok(self.layers)
    }

    fn put_up(&mut self, layer: LayerName, how: impl FnOnce() -> Result<String, String>) {
        let (state, why) = if self.without.contains(&layer) {
            (LayerState::Off, "left off".to_owned())
        } else {
            match how() {
                Ok(what) => (LayerState::On, what),
                Err(why) => (LayerState::Unavailable, why),
            }
        };
        self.layers.push(Layer { layer, state, why });
    }
}

fn no_new_privs() -> Result<String, String> {
    set_no_new_privs(true).map_err(refused)?;
    Ok("programs could not gain rights".to_owned())
}

fn give_up_rights() -> Result<String, String> {
    // A kernel without ambient rights has none to clear.
    let _ = clear_ambient_capability_set();
    let none = CapabilitySet::empty();
    set_capabilities(
        None,
        CapabilitySets {
            effective: none,
            permitted: none,
            inheritable: none,
        },
    )
    .map_err(refused)?;
    let left = capabilities(None).map_err(refused)?;
    if left.permitted.is_empty() && left.effective.is_empty() {
        Ok("none of root's rights".to_owned())
    } else {
        Err("the kernel has left some".to_owned())
    }
}

fn undumpable() -> Result<String, String> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(refused)?;
    Ok("its memory is closed to the user's other processes".to_owned())
}

/// It ends by itself when its stdin ends, unless something in it does not let it. Rights that change take this away, so it comes late.
fn end_with_the_node() {
    // Whoever started this process without this being possible has the stdin.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
}

/// A kernel's refusal as a person reads it.
fn refused(error: impl Into<io::Error>) -> String {
    error.into().to_string()
}
