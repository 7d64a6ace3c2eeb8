//! The node as a program, with its real worker and the real Python image; only the edge is played, as far as a node sees one: a key set and
//! a place for reports.
#![cfg(test)]

mod asks;
mod certifying;
mod cordons;
mod crashes;
mod draining;
mod edge;
mod fairness;
mod history;
mod kernels;
mod kills;
mod languages;
mod limits;
mod lines;
mod live;
mod measuring;
mod metrics;
mod moving;
mod node;
mod orders;
mod reports;
mod tickets;
mod walls;

/// Where this checkout's build puts things.
fn workspace() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
