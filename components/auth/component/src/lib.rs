//! The auth domain as a component: WIT on the outside, the domain over the host's ports on the inside.

#[cfg(target_os = "wasi")]
mod bindings {
    #![allow(
        missing_docs,
        unsafe_code,
        unreachable_pub,
        clippy::all,
        clippy::pedantic,
        reason = "generated from wit/, documented there"
    )]
    wit_bindgen::generate!({
        path: [
            "../../../wit/types/0.1.0",
            "../../../wit/sql/0.1.0",
            "../../../wit/settings/0.1.0",
            "../../../wit/auth/0.1.0",
            "../../../wit/workspace/0.1.0",
            "../../../wit/billing/0.1.0",
            "../../../wit/platform/0.1.0",
        ],
        world: "selvedge:platform/auth-component",
        with: {
            "selvedge:types/types@0.1.0": selvedge_ports::shapes::wit::types,
            "selvedge:sql/sql-types@0.1.0": selvedge_ports::shapes::wit::sql_types,
            "selvedge:sql/sql@0.1.0": selvedge_guest::bindings::selvedge::sql::sql,
            "selvedge:settings/settings@0.1.0": selvedge_guest::bindings::selvedge::settings::settings,
            "selvedge:auth/auth-types@0.1.0": selvedge_ports::shapes::wit::auth_types,
        },
        generate_all,
    });
}

#[cfg(target_os = "wasi")]
mod component;
