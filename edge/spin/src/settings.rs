//! Settings are Spin variables; Spin allows only underscores in their names.

use crate::Adapter;
use crate::bindings::exports::selvedge::settings::settings::Guest;
use crate::bindings::fermyon::spin::variables;

impl Guest for Adapter {
    fn get(name: String) -> Option<String> {
        match name.as_str() {
            // What this adapter is: not for an operator to decide.
            "host" => Some("spin".to_owned()),
            _ => variables::get(&name.replace('-', "_")).ok().filter(|value| !value.is_empty()),
        }
    }
}
