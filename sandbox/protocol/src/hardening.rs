//! The layers of the wall around the process that runs guests, as they stand on one machine.
//!
//! The guest's only authority is its import list. These layers are for the day on which that does not hold: each takes away one thing that
//! somebody who runs code in the worker process could do next. A kernel that lacks one of them still runs guests; it is said which are missing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One layer, and whether it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Which one.
    pub layer: LayerName,
    /// Does it stand?
    pub state: LayerState,
    /// What exactly it does here, or why it does not stand. For a person.
    pub why: String,
}

/// Does a layer stand?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerState {
    /// It stands.
    On,
    /// This system does not have it or does not permit it.
    Unavailable,
    /// Nobody has asked for it.
    Off,
}

/// The layers, in the order in which they are put up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerName {
    /// Bounds on processes and memory that the node sets from outside.
    Cgroup,
    /// No descriptor but the three streams, no environment.
    Descriptors,
    /// No network, no view of other processes' messages and names, no rights outside.
    Namespaces,
    /// Resource limits; the first process that the system ends when memory is short.
    Limits,
    /// The file system is an empty, read-only folder.
    Root,
    /// No program that it starts could have more rights than itself.
    NoNewPrivs,
    /// No files, no TCP, no signals, no abstract sockets, by an access-control rule that cannot be taken back.
    Landlock,
    /// None of root's rights.
    Capabilities,
    /// No other process of the same user can read or trace its memory, and no core file is written.
    Undumpable,
    /// Only the system calls that running guests takes.
    Seccomp,
}

impl LayerName {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Cgroup,
        Self::Descriptors,
        Self::Namespaces,
        Self::Limits,
        Self::Root,
        Self::NoNewPrivs,
        Self::Landlock,
        Self::Capabilities,
        Self::Undumpable,
        Self::Seccomp,
    ];

    /// As it is written in JSON and on command lines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cgroup => "cgroup",
            Self::Descriptors => "descriptors",
            Self::Namespaces => "namespaces",
            Self::Limits => "limits",
            Self::Root => "root",
            Self::NoNewPrivs => "no_new_privs",
            Self::Landlock => "landlock",
            Self::Capabilities => "capabilities",
            Self::Undumpable => "undumpable",
            Self::Seccomp => "seccomp",
        }
    }

    /// What an operator does to get it where it is missing.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Cgroup => {
                "give the node a delegated cgroup v2 folder with --cgroup that has the memory and pids controllers (docs/self-hosting.md shows a systemd unit)"
            }
            Self::Descriptors => "mount /proc where the node runs",
            Self::Namespaces => {
                "permit user namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0; in a container, its seccomp profile)"
            }
            Self::Limits => "raise the hard limits that the node is started with (ulimit -H -a)",
            Self::Root => "permit user and mount namespaces, as for the layer `namespaces`",
            Self::NoNewPrivs => "run on Linux 3.5 or later",
            Self::Landlock => {
                "run on Linux 5.13 or later (6.12 for all of it) with `landlock` in the kernel's list of security modules (lsm=)"
            }
            Self::Capabilities => "run the node as an ordinary user",
            Self::Undumpable => "run on Linux",
            Self::Seccomp => "run on x86-64 or aarch64 with a kernel that has CONFIG_SECCOMP_FILTER",
        }
    }
}

impl fmt::Display for LayerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// There is no layer of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no layer {0:?}; there are: {names}", names = LayerName::ALL.map(LayerName::as_str).join(", "))]
pub struct NoSuchLayer(pub String);

impl FromStr for LayerName {
    type Err = NoSuchLayer;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|layer| layer.as_str() == name)
            .ok_or_else(|| NoSuchLayer(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_has_one_name_on_command_lines_and_in_json() {
        for layer in LayerName::ALL {
            assert_eq!(layer.as_str().parse(), Ok(layer));
            assert_eq!(serde_json::to_value(layer).unwrap(), layer.as_str());
        }
        assert!("moat".parse::<LayerName>().unwrap_err().to_string().contains("seccomp"));
    }
}
