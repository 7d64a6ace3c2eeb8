//! The wall around the process that runs guests, as it would stand on this machine.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use selvedge_protocol::hardening::{Layer, LayerName, LayerState};

/// Let a worker put up its wall and say which layers stand.
pub(super) fn stand(worker: &Path) -> Result<Vec<Layer>> {
    let output = Command::new(worker)
        .arg("--show-wall")
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} does not start", worker.display()))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}: {}",
            worker.display(),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let mut layers: Vec<Layer> =
        serde_json::from_slice(&output.stdout).context("what it says is not understood; build both from the same sources")?;
    if !layers.iter().any(|layer| layer.layer == LayerName::Cgroup) {
        layers.push(Layer {
            layer: LayerName::Cgroup,
            state: LayerState::Off,
            why: "a node puts it up when it is started with --cgroup".to_owned(),
        });
    }
    Ok(layers)
}

/// One line for each layer; what to do where one is missing.
pub(super) fn describe(layers: &[Layer], out: &mut impl Write) -> std::io::Result<()> {
    for Layer { layer, state, why } in layers {
        match state {
            LayerState::On => writeln!(out, "ok     wall, {layer}: {why}")?,
            LayerState::Unavailable | LayerState::Off => {
                writeln!(
                    out,
                    "lacks  wall, {layer}: {why}; guests run without it. To have it: {}",
                    layer.advice()
                )?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_layer_comes_with_what_to_do() {
        let layers = [
            (LayerName::Seccomp, LayerState::On, "calls"),
            (LayerName::Landlock, LayerState::Unavailable, "the kernel does not have it"),
        ]
        .map(|(layer, state, why)| Layer {
            layer,
            state,
            why: why.to_owned(),
        });
        let mut said = Vec::new();
        describe(&layers, &mut said).unwrap();
        let said = String::from_utf8(said).unwrap();
        assert!(
            said.starts_with("ok     wall, seccomp: calls\nlacks  wall, landlock: the kernel does not have it;"),
            "{said}"
        );
        assert!(said.contains("run on Linux 5.13"), "{said}");
    }
}
