//! `/dashboard`: projects, their notebooks, what they have left to spend, and what ran last.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use leptos::prelude::*;
use selvedge_api::{Caller, Failure, Platform, operations};
use selvedge_contract::{Account, Me, NotebookSummary, Project, RunSummary, Status};

use crate::dashboard::keys::{self, Keys, OfProject};
use crate::dashboard::make::{self, MakeNotebook, Place};
use crate::document::{footer, header};
use crate::icon::{Glyph, icon};
use crate::island::island;
use crate::{measure, respond};

/// Runs listed for each project.
const RUNS_SHOWN: u32 = 10;
/// Projects shown with everything in them; the rest by name.
const PROJECTS_SHOWN: usize = 5;

/// A project with what is shown of it. Parts that could not be read are none, and the page says so.
struct Overview {
    project: Project,
    notebooks: Option<Vec<NotebookSummary>>,
    account: Option<Account>,
    runs: Option<Vec<RunSummary>>,
}

/// The page. A stranger is told how to begin.
pub(crate) async fn show(State(platform): State<Arc<Platform>>, caller: Option<Caller>, headers: HeaderMap) -> Response {
    let Some(caller) = caller else { return stranger(&headers) };
    let projects = match operations::list_projects(&platform, &caller).await {
        Ok(projects) => projects,
        Err(error) => return Failure::from(error).into_response(),
    };
    let more = projects.len().saturating_sub(PROJECTS_SHOWN);
    let mut overviews = Vec::new();
    for project in projects.into_iter().take(PROJECTS_SHOWN) {
        overviews.push(Overview {
            notebooks: operations::list_notebooks(&platform, &caller, &project.id).await.ok(),
            account: operations::account(&platform, &caller, &project.id).await.ok(),
            runs: operations::list_runs(&platform, &caller, &project.id, None, Some(RUNS_SHOWN))
                .await
                .ok()
                .map(|page| page.items),
            project,
        });
    }
    let me = operations::me(caller);
    respond::page(StatusCode::OK, &headers, "Notebooks · Selvedge", move || {
        let is_empty = overviews.is_empty();
        view! {
            {header(view! {
                <a href="/docs">"Docs"</a>
                <form method="post" action="/sign-out"><button type="submit" class="link">"Sign out"</button></form>
            })}
            <main id="main" class="dashboard" tabindex="-1">
                <div class="dashboard-head"><h1>"Notebooks"</h1>{whoami(&me)}</div>
                {overviews.into_iter().map(project_section).collect_view()}
                {(more > 0).then(|| view! { <p class="caption">{format!("{more} older projects are not listed here; the API lists them all.")}</p> })}
                {is_empty.then(|| view! {
                    <section class="empty">
                        <p>"You have no project yet. A project holds notebooks and the credits that they spend."</p>
                        {island(make::ISLAND, &Place { project: None }, view! { <MakeNotebook place=Place { project: None }/> })}
                    </section>
                })}
            </main>
            {footer()}
        }
    })
}

fn whoami(me: &Me) -> impl IntoView + use<> {
    let text = if me.anonymous {
        "Without an account: these notebooks open in this browser only, and signing out gives them up.".to_owned()
    } else {
        format!("Signed in as {}.", me.name)
    };
    view! { <p class="caption">{text}</p> }
}

fn stranger(headers: &HeaderMap) -> Response {
    respond::page(StatusCode::OK, headers, "Notebooks · Selvedge", || {
        view! {
            {header(view! { <a href="/docs">"Docs"</a> })}
            <main id="main" class="message" tabindex="-1">
                <h1>"No notebooks in this browser yet"</h1>
                <p>"A scratch notebook needs no account. It opens with three ready cells, and stays when you close the tab."</p>
                <form method="post" action="/try"><button type="submit" class="button primary">"Try it, no account"</button></form>
                <p class="caption">"You run this server? "<code>"selvedge up"</code>" prints a one-time sign-in link."</p>
            </main>
            {footer()}
        }
    })
}

fn project_section(overview: Overview) -> impl IntoView {
    let Overview {
        project,
        notebooks,
        account,
        runs,
    } = overview;
    let heading = format!("project-{}", project.id);
    let balance = account.map(|account| {
        let held = (account.held > 0).then(|| view! { <span class="caption">{format!("{} held by open runs", measure::credits(account.held))}</span> });
        view! { <p class="balance">{icon(Glyph::Coins)}<span class="number">{measure::balance(account.balance)}</span>" credits left "{held}</p> }
    });
    let may_edit = project.role != "viewer";
    let props = Place {
        project: Some(project.id.clone()),
    };
    let make = may_edit.then(|| island(make::ISLAND, &props, view! { <MakeNotebook place=props.clone()/> }));
    let may_manage = project.role == "owner" || project.role == "admin";
    let key_props = OfProject {
        project: project.id.clone(),
    };
    let keys = may_manage.then(|| island(keys::ISLAND, &key_props, view! { <Keys of=key_props.clone()/> }));
    view! {
        <section class="project" aria-labelledby=heading.clone()>
            <div class="project-head"><h2 id=heading.clone()>{project.name}</h2><span class="tag">{project.role}</span>{balance}{make}</div>
            <div class="project-parts">
                <div class="project-notebooks">{notebook_list(notebooks)}</div>
                <div class="project-runs"><h3>"Last runs"</h3>{run_list(runs)}</div>
            </div>
            {keys}
        </section>
    }
}

fn notebook_list(notebooks: Option<Vec<NotebookSummary>>) -> AnyView {
    match notebooks {
        None => view! { <p class="note note-danger">{icon(Glyph::CircleAlert)}<span>"The notebooks could not be read just now. Nothing is lost; reload to try again."</span></p> }.into_any(),
        Some(list) if list.is_empty() => view! { <p class="empty-line">"No notebooks yet. Make one: it opens with an empty cell."</p> }.into_any(),
        Some(list) => {
            let rows = list.into_iter().map(|notebook| {
                let address = format!("/notebooks/{}", notebook.id);
                view! {
                    <li><a class="notebook-link" href=address>{icon(Glyph::Notebook)}<span class="notebook-link-name">{notebook.name}</span>
                        <span class="caption number">"changed " {measure::minute(&notebook.updated_at)} " UTC"</span></a></li>
                }
            });
            view! { <ul class="notebook-list">{rows.collect_view()}</ul> }.into_any()
        }
    }
}

fn run_list(runs: Option<Vec<RunSummary>>) -> AnyView {
    match runs {
        None => view! { <p class="note note-danger">{icon(Glyph::CircleAlert)}<span>"The runs could not be read just now."</span></p> }
            .into_any(),
        Some(list) if list.is_empty() => view! { <p class="empty-line">"Nothing has run yet."</p> }.into_any(),
        Some(list) => {
            let rows = list.into_iter().map(|run| {
                let (thread, word) = state(run.status);
                let time = run.duration_ms.map(measure::duration);
                let cost = run.cost.map(measure::credits);
                view! {
                    <tr>
                        <td class="run-state" data-thread=thread>{word}</td>
                        <td class="caption number">{measure::minute(&run.created_at)}</td>
                        <td class="number">{time}</td>
                        <td class="number">{cost}</td>
                    </tr>
                }
            });
            view! {
                <table class="runs">
                    <thead><tr><th scope="col">"Run"</th><th scope="col">"At, UTC"</th><th scope="col" class="number">"Took"</th><th scope="col" class="number">"Credits"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            }
            .into_any()
        }
    }
}

const fn state(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Queued => ("queued", "Queued"),
        Status::Running => ("running", "Running"),
        Status::Succeeded => ("finished", "Done"),
        Status::Failed => ("failed", "Failed"),
        Status::TimedOut => ("failed", "Time limit"),
        Status::Cancelled => ("failed", "Stopped"),
        Status::Lost => ("failed", "Lost"),
    }
}
