//! What the packager shares with the host `selvedge`: the engine's configuration.

pub mod engine_config;
