//! Landlock: a rule about this process that it cannot take back.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr, RulesetError,
    RulesetStatus, Scope,
};

/// The newest version of landlock whose every restriction is asked for; what an older kernel does not know is left out.
const NEWEST: ABI = ABI::V6;

/// No file may be opened, made or run; no TCP; no signals and no abstract sockets to anybody outside.
pub(super) fn forbid_everything() -> Result<String, String> {
    let status = restrict().map_err(|error| error.to_string())?;
    match (status.ruleset, status.landlock) {
        (RulesetStatus::FullyEnforced, _) => Ok("no files, no TCP, no signals, no abstract sockets".to_owned()),
        (RulesetStatus::PartiallyEnforced, LandlockStatus::Available { effective_abi, .. }) => Ok(format!(
            "no files{}; this kernel has version {} of it",
            if effective_abi >= ABI::V4 { ", no TCP" } else { "" },
            effective_abi as i32
        )),
        (_, LandlockStatus::NotEnabled) => Err("the kernel has it, and it was not switched on at its start".to_owned()),
        _ => Err("the kernel does not have it".to_owned()),
    }
}

fn restrict() -> Result<RestrictionStatus, RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .restrict_self()
}
