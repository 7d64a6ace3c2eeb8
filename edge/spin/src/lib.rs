//! Our host ports on Spin's interfaces: `selvedge:sql` on `spin:sqlite`, `selvedge:settings` on Spin's variables.

mod failure;
mod settings;
mod sql;

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
            "wit/spin-sqlite-3.0.0",
            "wit/fermyon-spin-2.0.0",
            "../../wit/types/0.1.0",
            "../../wit/sql/0.1.0",
            "../../wit/settings/0.1.0",
            "../../wit/auth/0.1.0",
            "../../wit/workspace/0.1.0",
            "../../wit/billing/0.1.0",
            "../../wit/platform/0.1.0",
            "wit/adapter",
        ],
        world: "selvedge:spin-adapter/adapter",
        generate_all,
    });
}

/// The component's exports.
struct Adapter;

#[allow(unsafe_code, clippy::all, reason = "generated")]
mod export {
    use super::{Adapter, bindings};
    bindings::export!(Adapter with_types_in bindings);
}
