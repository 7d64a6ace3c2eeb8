//! With whom code may share a process at a node.

use selvedge_ports::shapes::PrincipalKind;
use selvedge_protocol::Cordon;

use crate::Caller;

/// Code of visitors whom nobody knows does not run in one process with that of people who have an account; a private project's with nobody
/// else's.
pub(super) const fn cordon(caller: &Caller, private: bool) -> Cordon {
    match (private, caller.principal.kind) {
        (true, _) => Cordon::Private,
        (false, PrincipalKind::Anonymous) => Cordon::Anonymous,
        (false, PrincipalKind::Person) => Cordon::SignedIn,
    }
}
