//! The edge as a WASI 0.2 HTTP component. The native host and Spin run the same one; the domains are components behind WIT imports.

#[cfg(target_os = "wasi")]
mod assets;
#[cfg(target_os = "wasi")]
mod executor;
#[cfg(target_os = "wasi")]
mod handler;
#[cfg(target_os = "wasi")]
mod panic;
#[cfg(target_os = "wasi")]
mod ports;
#[cfg(target_os = "wasi")]
mod services;

#[cfg(target_os = "wasi")]
mod bindings {
    #![allow(
        missing_docs,
        unsafe_code,
        unreachable_pub,
        clippy::all,
        reason = "generated from wit/, documented there"
    )]
    wit_bindgen::generate!({
        path: [
            "../../wit/types/0.1.0",
            "../../wit/sql/0.1.0",
            "../../wit/settings/0.1.0",
            "../../wit/auth/0.1.0",
            "../../wit/workspace/0.1.0",
            "../../wit/billing/0.1.0",
            "../../wit/platform/0.1.0",
        ],
        world: "selvedge:platform/edge-component",
        // The services speak the ports' own records: a call through WIT costs no conversion of ours.
        with: {
            "selvedge:types/types@0.1.0": selvedge_ports::shapes::wit::types,
            "selvedge:auth/auth-types@0.1.0": selvedge_ports::shapes::wit::auth_types,
            "selvedge:workspace/workspace-types@0.1.0": selvedge_ports::shapes::wit::workspace_types,
            "selvedge:billing/billing-types@0.1.0": selvedge_ports::shapes::wit::billing_types,
        },
        generate_all,
    });
}
