//! The cell on the landing page. It is real: the first run makes a scratch notebook for the visitor, puts this cell on top of it and runs it.

use leptos::prelude::*;
use selvedge_contract::{Cell, CreateCell, CreateNotebook, NewCell, Notebook, PutCell, Run, RunAccepted, ScratchCreated};

use super::first_look::Visitor;
use crate::ask::{Refusal, ask};
use crate::browser::editor::{self, Edit};
use crate::browser::fetch::Ask;
use crate::browser::{page, task};
use crate::icon::{Glyph, icon};
use crate::measure;
use crate::notebook::highlight;
use crate::notebook::outputs::Outputs;
use crate::notebook::run_state::RunState;
use crate::notebook::running::{follow_run, mark_failed};
use crate::notebook::thread::{Thread, thread};
use crate::output::around::{Around, Spot};

/// What the cell says at first.
const SOURCE: &str = include_str!("trial.py");
/// A run of exactly that by this product, written by `node app-leptos/src/landing/record.mjs`: what the page shows before the visitor's own.
const RECORDED: &str = include_str!("trial.json");
/// Name of a notebook made from here for somebody who has a project already.
const NAME: &str = "From the start page";
/// The editor's name; there is one such cell on the page.
const EDITOR: &str = "trial";

/// Where the cell lives once it was run.
#[derive(Clone, Debug)]
struct Home {
    notebook: String,
    cell: String,
    version: u64,
    saved: String,
}

#[derive(Clone)]
struct Trying {
    code: ArcRwSignal<String>,
    /// What the shown run ran.
    ran: ArcRwSignal<String>,
    run: RunState,
    home: ArcRwSignal<Option<Home>>,
    problem: ArcRwSignal<Option<String>>,
    project: Option<String>,
}

/// The cell.
#[component]
pub(crate) fn Trial(
    /// From the server.
    visitor: Visitor,
) -> impl IntoView {
    let source = SOURCE.trim_end();
    let trying = Trying {
        code: ArcRwSignal::new(source.to_owned()),
        ran: ArcRwSignal::new(source.to_owned()),
        run: RunState::new(recorded().as_ref()),
        home: ArcRwSignal::new(None),
        problem: ArcRwSignal::new(None),
        project: visitor.project,
    };
    attach_editor(&trying);
    let run = trying.run.clone();
    let is_open = Memo::new(move |_| run.is_open());
    let word = {
        let trying = trying.clone();
        move || {
            let is_stale = || trying.code.with(|code| trying.ran.with(|ran| code != ran));
            Thread::of_status(trying.run.facts.with(|facts| facts.as_ref().map(|facts| facts.status)), is_stale).word()
        }
    };
    let figures = {
        let (facts, home) = (trying.run.facts.clone(), trying.home.clone());
        move || {
            let whose = if home.with(Option::is_some) { "Your run" } else { "Our run" };
            facts.with(|facts| {
                let facts = facts.as_ref()?;
                let (fuel, cost) = (measure::fuel(facts.fuel?), measure::credits(facts.cost?));
                Some(format!(
                    "{whose}: {} · {fuel} fuel · {cost} credits",
                    measure::duration(facts.duration_ms?)
                ))
            })
        }
    };
    let (home, problem) = (trying.home.clone(), trying.problem.clone());
    let around = Around {
        go_to: Callback::new(|spot: Spot| editor::go_to(EDITOR, spot.line, spot.column)),
        notebook: StoredValue::new(None),
    };
    let press = {
        let trying = trying.clone();
        move |_| trying.start()
    };
    view! {
        <div class="trial">
            <div class="cell" data-thread=word>
                {thread()}
                <div class="cell-body">
                    <div class="editor" data-editor=EDITOR>
                        <pre class="source" inner_html=highlight::lines(source)></pre>
                    </div>
                    <div class="trial-bar">
                        <button type="button" class="button primary" disabled=move || is_open.get() on:click=press>
                            {icon(Glyph::Play)}
                            <span>{move || if is_open.get() { "Running" } else { "Run" }}</span>
                        </button>
                        <span class="caption number" role="status" aria-live="polite">
                            {figures}
                        </span>
                    </div>
                    {move || problem.get().map(|problem| view! {
                        <p class="note note-danger" role="alert">{icon(Glyph::CircleAlert)}<span>{problem}</span></p>
                    })}
                    <Outputs run=trying.run.clone() around label="Output"/>
                </div>
            </div>
            <p class="trial-foot caption">
                {move || match home.get() {
                    Some(home) => view! { <a href=format!("/notebooks/{}", home.notebook)>"Open your notebook: its variables are still there"{icon(Glyph::ArrowRight)}</a> }.into_any(),
                    None => view! { <span>"Change 27, then run it yourself. That makes you a scratch notebook; nothing is asked of you."</span> }.into_any(),
                }}
            </p>
        </div>
    }
}

fn attach_editor(trying: &Trying) {
    let trying = trying.clone();
    Effect::new(move |_| {
        let heard = trying.clone();
        editor::attach(
            EDITOR,
            SOURCE.trim_end(),
            "Python to try. Escape, then Tab, leaves the text.",
            false,
            "",
            move |edit| match edit {
                Edit::Changed(text) => heard.code.set(text),
                Edit::Key(kind) if kind.starts_with("run") => heard.start(),
                Edit::Key(kind) if kind == "command" => page::focus("main"),
                Edit::Key(_) | Edit::Focused | Edit::Said(_) => {}
            },
        );
    });
}

impl Trying {
    fn start(&self) {
        if self.run.is_open_untracked() {
            return;
        }
        let trying = self.clone();
        task::spawn(async move {
            let before = trying.run.facts.get_untracked();
            trying.problem.set(None);
            trying.run.begin(task::now_ms());
            editor::mark(EDITOR, None);
            match trying.order().await {
                Ok(id) => {
                    trying.run.facts.update(|facts| {
                        if let Some(facts) = facts {
                            facts.id = id;
                        }
                    });
                    follow_run(&trying.run, |_| {}, |_, _| {}).await;
                    mark_failed(EDITOR, &trying.run);
                }
                Err(Refusal(why)) => {
                    trying.run.facts.set(before);
                    trying.problem.set(Some(why));
                }
            }
        });
    }

    /// Makes sure that the notebook exists and holds the code as typed, and orders a run of it. Returns the run's id.
    async fn order(&self) -> Result<String, Refusal> {
        let code = self.code.get_untracked();
        let home = match self.home.get_untracked() {
            Some(home) if home.saved == code => home,
            Some(home) => {
                let path = format!("/api/v1/notebooks/{}/cells/{}", home.notebook, home.cell);
                let body = serde_json::to_string(&PutCell { code: code.clone() }).ok();
                let cell: Cell = ask(Ask {
                    method: "PUT",
                    path: &path,
                    body,
                    if_match: Some(format!("\"{}\"", home.version)),
                })
                .await?;
                Home {
                    version: cell.version,
                    saved: code,
                    ..home
                }
            }
            None => self.settle(code).await?,
        };
        let path = format!("/api/v1/notebooks/{}/cells/{}/run", home.notebook, home.cell);
        let saved = home.saved.clone();
        self.home.set(Some(home));
        self.ran.set(saved);
        let accepted: RunAccepted = ask(Ask {
            method: "POST",
            path: &path,
            ..Ask::default()
        })
        .await?;
        Ok(accepted.id)
    }

    async fn settle(&self, code: String) -> Result<Home, Refusal> {
        if let Some(project) = &self.project {
            let body = serde_json::to_string(&CreateNotebook {
                name: NAME.to_owned(),
                cells: vec![NewCell { code: code.clone() }],
            })
            .ok();
            let notebook: Notebook = ask(Ask {
                method: "POST",
                path: &format!("/api/v1/projects/{project}/notebooks"),
                body,
                ..Ask::default()
            })
            .await?;
            let cell = notebook
                .cells
                .into_iter()
                .next()
                .ok_or_else(|| Refusal("The notebook came back without its cell. Try again.".to_owned()))?;
            return Ok(Home {
                notebook: notebook.id,
                cell: cell.id,
                version: cell.version,
                saved: code,
            });
        }
        let scratch: ScratchCreated = ask(Ask {
            method: "POST",
            path: "/api/v1/scratch",
            ..Ask::default()
        })
        .await?;
        let body = serde_json::to_string(&CreateCell {
            code: code.clone(),
            after: None,
        })
        .ok();
        let path = format!("/api/v1/notebooks/{}/cells", scratch.notebook);
        let cell: Cell = ask(Ask {
            method: "POST",
            path: &path,
            body,
            ..Ask::default()
        })
        .await?;
        Ok(Home {
            notebook: scratch.notebook,
            cell: cell.id,
            version: cell.version,
            saved: code,
        })
    }
}

fn recorded() -> Option<Run> {
    serde_json::from_str(RECORDED).ok()
}

#[cfg(test)]
mod tests {
    use selvedge_contract::Status;

    use super::*;

    #[test]
    fn what_the_page_shows_first_is_a_run_of_what_stands_above_it() {
        let run = recorded().unwrap();
        assert_eq!(run.status, Status::Succeeded);
        let recording: serde_json::Value = serde_json::from_str(RECORDED).unwrap();
        assert_eq!(
            recording["source"],
            SOURCE.trim_end(),
            "record it again: node app-leptos/src/landing/record.mjs URL"
        );
    }
    #[cfg(feature = "ssr")]
    #[test]
    fn the_kept_html_is_what_the_cell_renders_to() {
        let rendered = Owner::new_root(None).with(|| view! { <Trial visitor=Visitor { project: None }/> }.to_html());
        if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/landing/trial.html"), &rendered).unwrap();
            return;
        }
        assert_eq!(
            crate::landing::first_look::HTML,
            rendered,
            "write it again: UPDATE=1 cargo test --release -p selvedge-app --features ssr kept_html"
        );
    }
}
