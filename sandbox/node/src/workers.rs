//! What a node is told about the processes that run guests. These are also the options of both programs that can be a node.

use std::path::PathBuf;

use clap::Args;
use selvedge_protocol::hardening::LayerName;

/// How many processes run guests, who shares one with whom, and what they get.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(next_help_heading = "Workers, the processes that run guests")]
pub struct Workers {
    /// Workers for visitors without an account; at least one
    #[arg(long = "workers-anonymous", value_name = "N", default_value_t = 1)]
    pub anonymous: usize,
    /// Workers for people with an account; at least one
    #[arg(long = "workers-signed-in", value_name = "N", default_value_t = 1)]
    pub signed_in: usize,
    /// Projects that can have a worker of their own at the same time; 0: none can
    #[arg(long = "workers-private", value_name = "N", default_value_t = 4)]
    pub private: usize,
    /// Runs after which a worker is replaced
    #[arg(long = "worker-runs", value_name = "N", default_value_t = 100_000)]
    pub runs_max: u64,
    /// Bytes of memory that a worker has at most, where there is a cgroup; one that stays above three quarters of it is replaced anywhere
    #[arg(long = "worker-memory", value_name = "BYTES", default_value_t = 8 << 30)]
    pub memory_bytes: u64,
    /// Folder of a cgroup (v2) that was delegated to the node
    #[arg(long, value_name = "DIR")]
    pub cgroup: Option<PathBuf>,
    /// Layers of the workers' wall without which the node does not start, for example seccomp,landlock; `selvedge doctor` shows them all
    #[arg(long = "require-hardening", value_name = "LAYERS", value_delimiter = ',')]
    pub required: Vec<LayerName>,
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            anonymous: 1,
            signed_in: 1,
            private: 4,
            runs_max: 100_000,
            memory_bytes: 8 << 30,
            cgroup: None,
            required: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        workers: Workers,
    }

    #[test]
    fn without_options_a_program_has_the_librarys_defaults() {
        assert_eq!(Program::parse_from(["node"]).workers, Workers::default());
    }

    #[test]
    fn layers_are_named_with_commas_between_and_a_wrong_name_lists_the_right_ones() {
        let program = Program::parse_from(["node", "--require-hardening", "seccomp,no_new_privs"]);
        assert_eq!(program.workers.required, [LayerName::Seccomp, LayerName::NoNewPrivs]);
        let refused = Program::try_parse_from(["node", "--require-hardening", "moat"]).err().unwrap();
        assert!(refused.to_string().contains("landlock"), "{refused}");
    }
}
