//! WASI components: the edge composed with the domains, for the native host (compiled ahead of time) and for Spin.

use anyhow::Result;

use super::native::tool;
use crate::step::step;
use crate::{command, layout};

const TARGET: &str = "wasm32-wasip2";
/// Crate and artifact of each part of the platform; the edge first, the others plug into it.
const PARTS: [(&str, &str); 4] = [
    ("selvedge-edge-wasi", "selvedge_edge_wasi"),
    ("selvedge-auth-component", "selvedge_auth_component"),
    ("selvedge-workspace-component", "selvedge_workspace_component"),
    ("selvedge-billing-component", "selvedge_billing_component"),
];

/// `platform.wasm` and `platform.cwasm`.
pub(super) fn platform() -> Result<()> {
    let packager = tool("selvedge-packager")?;
    compile("compile the edge and the domains as components", &PARTS)?;
    let assets = layout::assets();
    step("compose and compile ahead of time", || {
        let mut compose = command::command(&packager);
        compose.arg("compose").arg("--out").arg(assets.join("platform.wasm"));
        for (_, artifact) in PARTS {
            compose.arg(built(artifact));
        }
        command::run(&mut compose)?;
        command::run(
            command::command(&packager)
                .arg("aot")
                .arg("--out")
                .arg(assets.join("platform.cwasm"))
                .arg(assets.join("platform.wasm")),
        )
    })
}

/// `spin.wasm`: the platform with our ports on Spin's interfaces. Fails when it imports anything that Spin 4.0 does not offer.
pub(super) fn spin() -> Result<()> {
    platform()?;
    compile("compile the Spin adapter", &[("selvedge-edge-spin", "selvedge_edge_spin")])?;
    let packager = tool("selvedge-packager")?;
    let assets = layout::assets();
    step("compose for Spin and check the imports", || {
        command::run(
            command::command(&packager)
                .arg("compose")
                .arg("--out")
                .arg(assets.join("spin.wasm"))
                .arg(assets.join("platform.wasm"))
                .arg(built("selvedge_edge_spin")),
        )?;
        command::run(command::command(&packager).arg("check-spin").arg(assets.join("spin.wasm")))
    })
}

fn compile(title: &str, parts: &[(&str, &str)]) -> Result<()> {
    step(title, || {
        let mut cargo = command::cargo(&["build", "--quiet", "--profile", "wasm", "--target", TARGET]);
        for (package, _) in parts {
            cargo.args(["-p", package]);
        }
        command::run(&mut cargo)
    })
}

fn built(artifact: &str) -> std::path::PathBuf {
    layout::target().join(TARGET).join("wasm").join(format!("{artifact}.wasm"))
}
