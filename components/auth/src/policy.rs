//! Who may do what, and how long credentials live: the whole policy in one file.

use selvedge_ports::shapes::{Action, PrincipalKind, Role};

/// The least role for an action.
pub(crate) const fn least_role(action: Action) -> Role {
    match action {
        Action::Read => Role::Viewer,
        Action::Edit => Role::Editor,
        Action::Manage => Role::Admin,
        Action::Dispose => Role::Owner,
    }
}

/// Roles by strength.
pub(crate) const fn rank(role: Role) -> u8 {
    match role {
        Role::Viewer => 0,
        Role::Editor => 1,
        Role::Admin => 2,
        Role::Owner => 3,
    }
}

/// The weaker of two roles.
pub(crate) const fn weaker(one: Role, other: Role) -> Role {
    if rank(one) <= rank(other) { one } else { other }
}

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// An access token lives this long.
pub(crate) const ACCESS_MS: u64 = 10 * MINUTE_MS;
/// The refresh token before the current one stays good for this long, for a second tab.
pub(crate) const REFRESH_GRACE_MS: u64 = 10 * SECOND_MS;
/// A one-time sign-in link lives this long.
pub(crate) const LINK_MS: u64 = HOUR_MS;
/// An order has to reach its node within this time.
pub(crate) const ORDER_MS: u64 = MINUTE_MS;
/// A report token outlives its run's wall time by this much: waiting in the node's queue, and reports that have to be repeated.
pub(crate) const REPORT_MARGIN_MS: u64 = 15 * MINUTE_MS;

/// How long a sign-in session lives.
pub(crate) struct SignInLife {
    /// Without being refreshed.
    pub(crate) idle_ms: u64,
    /// In any case.
    pub(crate) absolute_ms: u64,
}

/// A visitor has nothing but this session to come back with, so it lives longer than that of somebody who can sign in again.
pub(crate) const fn sign_in_life(kind: PrincipalKind) -> SignInLife {
    match kind {
        PrincipalKind::Person => SignInLife {
            idle_ms: 14 * DAY_MS,
            absolute_ms: 30 * DAY_MS,
        },
        PrincipalKind::Anonymous => SignInLife {
            idle_ms: 90 * DAY_MS,
            absolute_ms: 365 * DAY_MS,
        },
    }
}

/// Longest name of a key, in characters.
pub(crate) const KEY_NAME_CHARS_MAX: usize = 100;
