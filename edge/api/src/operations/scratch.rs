//! A place to try things, without an account.

use selvedge_ports::Result;
use selvedge_ports::shapes::{Id, SignIn};

use super::project::found;
use crate::{Caller, Platform};

const PROJECT: &str = "Scratch";
const NOTEBOOK: &str = "Scratch notebook";
/// Arithmetic and a table; a chart; one that prints slowly, so that streaming is seen.
const CELLS: [&str; 3] = [
    include_str!("../scratch/1_numbers.py"),
    include_str!("../scratch/2_chart.py"),
    include_str!("../scratch/3_stream.py"),
];

/// What a visitor gets.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Signs the visitor in.
    pub sign_in: SignIn,
    /// `prj_…`
    pub project: Id,
    /// `ntb_…`, with three ready cells.
    pub notebook: Id,
}

/// Where "Try it" leads.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Set when the visitor was nobody before.
    pub sign_in: Option<SignIn>,
    /// `ntb_…`
    pub notebook: Id,
}

/// Make an anonymous principal with a project and a notebook of three cells.
pub async fn scratch(platform: &Platform) -> Result<Scratch> {
    let sign_in = platform.auth.begin_anonymous().await?;
    let caller = Caller {
        principal: sign_in.principal.clone(),
    };
    let project = found(platform, &caller, PROJECT).await?;
    let notebook = ready_notebook(platform, &project).await?;
    Ok(Scratch {
        sign_in,
        project,
        notebook,
    })
}

/// A stranger gets a [`scratch`]. Somebody who is signed in stays who they are: they get their newest project's last changed notebook,
/// and only when there is none a new one.
pub async fn try_it(platform: &Platform, caller: Option<&Caller>) -> Result<Tried> {
    let Some(caller) = caller else {
        let made = scratch(platform).await?;
        return Ok(Tried {
            sign_in: Some(made.sign_in),
            notebook: made.notebook,
        });
    };
    let newest = platform.auth.memberships(&caller.principal).await?.into_iter().next();
    let project = match newest {
        Some(membership) => membership.project,
        None => found(platform, caller, PROJECT).await?,
    };
    let notebook = match platform.workspace.list_notebooks(&project).await?.into_iter().next() {
        Some(notebook) => notebook.id,
        None => ready_notebook(platform, &project).await?,
    };
    Ok(Tried { sign_in: None, notebook })
}

async fn ready_notebook(platform: &Platform, project: &str) -> Result<Id> {
    let cells = CELLS.map(|code| code.trim_end().to_owned());
    Ok(platform.workspace.create_notebook(project, NOTEBOOK, &cells).await?.summary.id)
}
