//! What happens once the browser has the page: drafts come back, open runs are followed, comings and goings are heard.

use leptos::prelude::*;

use super::{Sheet, arranging, history, running, saving};
use crate::browser::{page, task};

/// Wakes the sheet. On a server this does nothing: effects do not run there.
pub(crate) fn wake(sheet: Sheet) {
    Effect::new(move |_| {
        for cell in sheet.cells.get_untracked() {
            saving::restore_draft(sheet, &cell);
            running::mark_failed(&cell.id, &cell.run);
            arranging::resume(sheet, &cell);
        }
        task::spawn(history::keep_up(sheet));
        page::on_online(move || task::spawn(saving::reconnect(sheet)));
        page::on_offline(move || saving::cut_off(sheet));
        page::on_visibility(move || {
            if page::is_visible() {
                // Another tab may have been at work.
                task::spawn(async move {
                    saving::reconnect(sheet).await;
                    history::keep_up(sheet).await;
                });
            } else {
                saving::flush(sheet);
            }
        });
    });
}
