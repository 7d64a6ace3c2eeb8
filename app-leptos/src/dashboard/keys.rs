//! A project's API keys: made here, shown once, revoked at once.

use leptos::prelude::*;
use selvedge_contract::{ApiKey, CreateKey, CreatedKey};
use serde::{Deserialize, Serialize};

use super::make::post;
use crate::ask::message;
use crate::browser::fetch::{self, Ask};
use crate::browser::task;
use crate::icon::{Glyph, icon};
use crate::measure;

/// Name of this island.
pub(crate) const ISLAND: &str = "keys";

/// What the server hands over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OfProject {
    /// Whose keys.
    pub(crate) project: String,
}

/// A list of keys, as the API gives it: plain or as a page.
#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    Page { items: Vec<ApiKey> },
    Plain(Vec<ApiKey>),
}

/// The keys, loaded when somebody opens them.
#[component]
pub(crate) fn Keys(
    /// From the server.
    of: OfProject,
) -> impl IntoView {
    let project = StoredValue::new(of.project);
    let keys = RwSignal::new(None::<Vec<ApiKey>>);
    let made = RwSignal::new(None::<CreatedKey>);
    let problem = RwSignal::new(None::<String>);
    let name = RwSignal::new(String::new());
    let load = move || {
        task::spawn(async move {
            let path = format!("/api/v1/projects/{}/keys", project.get_value());
            match fetch::send(Ask {
                method: "GET",
                path: &path,
                ..Ask::default()
            })
            .await
            {
                Ok(answer) if answer.status == 200 => match serde_json::from_str(&answer.body) {
                    Ok(Listed::Page { items } | Listed::Plain(items)) => keys.set(Some(items)),
                    Err(_) => problem.set(Some("The list of keys could not be read. Reload to try again.".to_owned())),
                },
                Ok(answer) => problem.set(Some(message(&answer.body))),
                Err(fetch::Unreachable) => problem.set(Some("Nobody answers. Reload when the connection is back.".to_owned())),
            }
        });
    };
    let create = move |event: leptos::web_sys::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        task::spawn(async move {
            let new = CreateKey {
                name: name.get_untracked(),
                role: None,
                expires_at: None,
            };
            match post::<CreatedKey>(&format!("/api/v1/projects/{}/keys", project.get_value()), &new).await {
                Ok(key) => {
                    made.set(Some(key));
                    name.set(String::new());
                    load();
                }
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    let revoke = move |id: String| {
        task::spawn(async move {
            match fetch::send(Ask {
                method: "DELETE",
                path: &format!("/api/v1/keys/{id}"),
                ..Ask::default()
            })
            .await
            {
                Ok(answer) if answer.status < 300 => load(),
                Ok(answer) => problem.set(Some(message(&answer.body))),
                Err(fetch::Unreachable) => problem.set(Some("Nobody answers. The key still works; try again.".to_owned())),
            }
        });
    };
    let field = format!("key-name-{}", project.get_value());
    view! {
        <details class="keys" on:toggle=move |_| if keys.get_untracked().is_none() { load() }>
            <summary>"API keys"</summary>
            <form class="key-form" on:submit=create>
                <label for=field.clone()>"Name of a new key"</label>
                <input id=field class="input" type="text" required maxlength="100" autocomplete="off" prop:value=move || name.get()
                    on:input=move |event| name.set(event_target_value(&event))/>
                <button type="submit" class="button">{icon(Glyph::Plus)}"Make a key"</button>
            </form>
            {move || problem.get().map(|problem| view! { <p class="note note-danger" role="alert">{icon(Glyph::CircleAlert)}<span>{problem}</span></p> })}
            {move || made.get().map(|made| view! {
                <p class="note" role="status">{icon(Glyph::Check)}<span>"This is the key, shown this once. Copy it now: "<code class="secret">{made.secret}</code></span></p>
            })}
            {move || keys.get().map(|keys| if keys.is_empty() {
                view! { <p class="empty-line">"No keys yet. A key lets a program do what you can do in this project."</p> }.into_any()
            } else {
                view! { <ul class="key-list">{keys.into_iter().map(|key| row(key, revoke)).collect_view()}</ul> }.into_any()
            })}
        </details>
    }
}

fn row(key: ApiKey, revoke: impl Fn(String) + Copy + Send + Sync + 'static) -> impl IntoView {
    let id = key.id;
    let state = key.revoked_at.as_deref().map_or_else(
        || format!("{}, made {}", key.role, measure::minute(&key.created_at)),
        |at| format!("revoked {}", measure::minute(at)),
    );
    let button = key
        .revoked_at
        .is_none()
        .then(|| view! { <button type="button" class="button" on:click=move |_| revoke(id.clone())>"Revoke"</button> });
    view! { <li><span>{key.name}</span><span class="caption number">{state}</span>{button}</li> }
}
