//! Each exported function is the domain's.

use std::sync::OnceLock;

use selvedge_billing::Billing as Domain;
use selvedge_guest::{host, now};
use selvedge_ports::shapes::{Account, Id, MicroCredits, Usage};
use selvedge_ports::{Billing, Result};

use crate::bindings::exports::selvedge::billing::billing::Guest;

struct Component;

/// One per instance.
fn domain() -> &'static Domain {
    static DOMAIN: OnceLock<Domain> = OnceLock::new();
    DOMAIN.get_or_init(|| Domain::new(host(), host(), host()))
}

impl Guest for Component {
    fn migrate() -> Result<()> {
        now(domain().migrate())
    }
    fn open_account(project: Id, grant: MicroCredits) -> Result<Account> {
        now(domain().open_account(&project, grant))
    }
    fn get_account(project: Id) -> Result<Account> {
        now(domain().get_account(&project))
    }
    fn price(usage: Usage) -> Result<MicroCredits> {
        now(domain().price(usage))
    }
    fn hold(project: Id, run: Id, most: Usage) -> Result<MicroCredits> {
        now(domain().hold(&project, &run, most))
    }
    fn settle(run: Id, used: Usage) -> Result<MicroCredits> {
        now(domain().settle(&run, used))
    }
    fn release(run: Id) -> Result<()> {
        now(domain().release(&run))
    }
}

#[expect(unsafe_code, reason = "generated exports")]
mod export {
    crate::bindings::export!(Component with_types_in crate::bindings);
    use super::Component;
}
