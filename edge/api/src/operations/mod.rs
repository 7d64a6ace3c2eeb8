//! What the API does, without HTTP: REST handlers and the pages' server-side code call the same functions.
//! Each authorizes its caller by its row in [`crate::policy`] before it does anything.

mod cell;
mod checkpoints;
mod cordon;
mod ending;
mod events;
mod expiry;
mod fork;
mod key;
mod notebook;
mod project;
mod questions;
mod receipt;
mod report;
mod run;
mod scratch;
mod sign_in;
mod task;

pub use cell::{add_cell, cell_version, put_cell, remove_cell};
pub use checkpoints::{diff_checkpoints, list_checkpoints, name_checkpoint, restart_kernel, rewind_kernel, unname_checkpoint};
pub use events::{Look, follow, look};
pub use expiry::expire;
pub use fork::{export_kernel, fork_notebook, import_kernel};
pub use key::{create_key, list_keys, revoke_key};
pub use notebook::{create_notebook, list_notebooks, notebook_view, remove_notebook};
pub use project::{account, create_project, list_projects, me, project_view, set_settings};
pub use questions::{check_code, complete_code, inspect_code, list_variables, read_page};
pub use receipt::receipt;
pub use report::{may_report, report};
pub use run::{answer_run, cancel_run, create_run, list_runs, run_cell, run_view};
pub use scratch::{Scratch, Tried, scratch, try_it};
pub use sign_in::{redeem_link, sign_out};
