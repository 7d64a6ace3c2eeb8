//! What stands beside the cells when it is asked for: one panel at a time, closed by Escape.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::Sheet;
use super::timeline::Timeline;
use super::variables::Variables;
use crate::browser::{page, task};
use crate::icon::{Glyph, icon};

/// The panel's first control.
const CLOSE: &str = "drawer-close";

/// Which panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    /// The kernel's checkpoints.
    Timeline,
    /// What names are bound to.
    Variables,
}

impl Panel {
    const fn title(self) -> &'static str {
        match self {
            Self::Timeline => "Timeline",
            Self::Variables => "Variables",
        }
    }
}

/// Opens a panel, or closes it when it is the one that is open.
pub(crate) fn toggle(sheet: Sheet, panel: Panel) {
    sheet
        .panel
        .update(|open| *open = if *open == Some(panel) { None } else { Some(panel) });
}

/// Puts the focus into the open panel; without one, onto the selected cell.
pub(crate) fn focus(sheet: Sheet) {
    task::spawn(async move {
        // What was asked for is on the page after this.
        task::sleep(0).await;
        if sheet.panel.get_untracked().is_some() {
            page::focus(CLOSE);
        } else if let Some(cell) = sheet.current() {
            page::focus(&super::arranging::element_id(&cell.id));
        }
    });
}

/// The open panel.
#[component]
pub(crate) fn Drawer(
    /// The notebook.
    sheet: Sheet,
) -> impl IntoView {
    Effect::new(move |_| {
        if sheet.panel.get().is_some() {
            focus(sheet);
        }
    });
    let close = move || {
        sheet.panel.set(None);
        focus(sheet);
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    let inside = move |panel: Panel| match panel {
        Panel::Timeline => view! { <Timeline sheet/> }.into_any(),
        Panel::Variables => view! { <Variables sheet/> }.into_any(),
    };
    view! {
        {move || sheet.panel.get().map(|panel| view! {
            <aside class="drawer" aria-labelledby="drawer-title" on:keydown=press>
                <div class="drawer-head">
                    <h2 id="drawer-title">{panel.title()}</h2>
                    <button type="button" id=CLOSE class="button quiet square" aria-label="Close" on:click=move |_| close()>{icon(Glyph::Cross)}</button>
                </div>
                <div class="drawer-body">{inside(panel)}</div>
            </aside>
        })}
    }
}
