//! "New notebook".

use leptos::prelude::*;
use selvedge_contract::{CreateNotebook, CreateProject, NewCell, Notebook, Project};
use serde::{Deserialize, Serialize};

use crate::ask::message;
use crate::browser::fetch::{self, Ask};
use crate::browser::{page, task};
use crate::icon::{Glyph, icon};

/// Name of this island.
pub(crate) const ISLAND: &str = "make-notebook";

/// What the server hands over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Where it goes; none: a project is made first.
    pub(crate) project: Option<String>,
}

/// The button, and what went wrong when something did.
#[component]
pub(crate) fn MakeNotebook(
    /// From the server.
    place: Place,
) -> impl IntoView {
    let is_busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let press = move |_| {
        let project = place.project.clone();
        is_busy.set(true);
        problem.set(None);
        task::spawn(async move {
            match make(project).await {
                Ok(notebook) => page::go(&format!("/notebooks/{notebook}")),
                Err(why) => problem.set(Some(why)),
            }
            is_busy.set(false);
        });
    };
    view! {
        <div class="make">
            <button type="button" class="button primary" disabled=move || is_busy.get() on:click=press>{icon(Glyph::Plus)}"New notebook"</button>
            {move || problem.get().map(|problem| view! { <p class="note note-danger" role="alert">{icon(Glyph::CircleAlert)}<span>{problem}</span></p> })}
        </div>
    }
}

async fn make(project: Option<String>) -> Result<String, String> {
    let project = match project {
        Some(project) => project,
        None => {
            post::<Project>(
                "/api/v1/projects",
                &CreateProject {
                    name: "My project".to_owned(),
                },
            )
            .await?
            .id
        }
    };
    let new = CreateNotebook {
        name: "Untitled notebook".to_owned(),
        cells: vec![NewCell { code: String::new() }],
    };
    Ok(post::<Notebook>(&format!("/api/v1/projects/{project}/notebooks"), &new).await?.id)
}

/// Posts JSON; an error is a sentence for the person.
pub(super) async fn post<T: serde::de::DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, String> {
    match fetch::send(Ask {
        method: "POST",
        path,
        body: serde_json::to_string(body).ok(),
        ..Ask::default()
    })
    .await
    {
        Ok(answer) if answer.status < 300 => {
            serde_json::from_str(&answer.body).map_err(|_| "The server's answer could not be read. Reload to see what was made.".to_owned())
        }
        Ok(answer) => Err(message(&answer.body)),
        Err(fetch::Unreachable) => Err("Nobody answers. Nothing was made; try again when the connection is back.".to_owned()),
    }
}
