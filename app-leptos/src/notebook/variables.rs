//! What the kernel's names are bound to, and which of them the last cell changed.

use std::collections::HashMap;

use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::Sheet;
use super::drawer::Panel;
use crate::ask::{Refusal, ask};
use crate::browser::fetch::Ask;
use crate::browser::task;
use crate::icon::{Glyph, icon};
use crate::measure;

/// The kernel's answer, as `docs/node-protocol.md` describes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(crate) struct Names {
    /// Sorted by name.
    #[serde(default)]
    variables: Vec<Variable>,
    /// How many there are in all.
    #[serde(default)]
    total: u64,
}

/// One name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Variable {
    name: String,
    #[serde(default, rename = "type")]
    kind: String,
    /// Short.
    #[serde(default)]
    value: String,
    /// `length`, `shape`, `bytes`.
    #[serde(default)]
    size: Value,
    /// Differs when the value does; a number or a text.
    #[serde(default)]
    fingerprint: Value,
}

/// What this page knows of the kernel's names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Known {
    names: Names,
    /// Fingerprints before the last look that found a difference.
    before: Option<HashMap<String, Value>>,
    /// Why the last look found nothing.
    problem: Option<String>,
}

impl Known {
    fn fingerprints(&self) -> HashMap<String, Value> {
        let names = self.names.variables.iter();
        names
            .map(|variable| (variable.name.clone(), variable.fingerprint.clone()))
            .collect()
    }

    /// Takes an answer over. What differs from the one before counts as changed until something differs again.
    fn take(&mut self, names: Names) {
        self.problem = None;
        if names != self.names {
            self.before = (!self.names.variables.is_empty()).then(|| self.fingerprints());
            self.names = names;
        }
    }

    fn is_changed(&self, variable: &Variable) -> bool {
        self.before
            .as_ref()
            .is_some_and(|before| before.get(&variable.name) != Some(&variable.fingerprint))
    }
}

/// Looks again, when anybody sees it.
pub(crate) fn refresh_when_open(sheet: Sheet) {
    if sheet.panel.get_untracked() == Some(Panel::Variables) {
        task::spawn(refresh(sheet));
    }
}

async fn refresh(sheet: Sheet) {
    let answer = ask::<Names>(Ask {
        method: "GET",
        path: &format!("{}/kernel/variables", sheet.path()),
        ..Ask::default()
    })
    .await;
    sheet.names.update(|known| match answer {
        Ok(names) => known.take(names),
        Err(Refusal(why)) => known.problem = Some(why),
    });
}

/// The panel's inside.
#[component]
pub(crate) fn Variables(
    /// The notebook.
    sheet: Sheet,
) -> impl IntoView {
    Effect::new(move |_| task::spawn(refresh(sheet)));
    let body = move || {
        sheet.names.with(|known| {
            if known.names.variables.is_empty() {
                return view! { <p class="empty-line">"No names yet. Run a cell that makes some."</p> }.into_any();
            }
            let rows = known.names.variables.iter().map(|variable| row(variable, known.is_changed(variable))).collect_view();
            let more = known.names.total.saturating_sub(known.names.variables.len() as u64);
            let more = (more > 0).then(|| view! { <p class="caption">{format!("{} more are not shown.", measure::grouped(more))}</p> });
            view! {
                <table class="names">
                    <thead><tr><th scope="col">"Name"</th><th scope="col">"Type"</th><th scope="col">"Value"</th><th scope="col" class="number">"Size"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                {more}
            }
            .into_any()
        })
    };
    let problem = move || {
        sheet.names.with(|known| {
            let why = known.problem.clone()?;
            Some(view! { <p class="note note-danger" role="alert">{icon(Glyph::CircleAlert)}<span>{why}</span></p> })
        })
    };
    view! {
        {problem}
        {body}
    }
}

fn row(variable: &Variable, is_changed: bool) -> impl IntoView + use<> {
    let mark = is_changed.then(|| view! { <span class="changed">"changed"</span> });
    view! {
        <tr class:is-changed=is_changed>
            <th scope="row"><code>{variable.name.clone()}</code>{mark}</th>
            <td>{variable.kind.clone()}</td>
            <td class="name-value" title=variable.value.clone()><code>{variable.value.clone()}</code></td>
            <td class="number">{size(&variable.size)}</td>
        </tr>
    }
}

/// A size in the words that say most: rows and columns, how many, how large.
fn size(size: &Value) -> String {
    if let Some(shape) = size.get("shape").and_then(Value::as_array) {
        let sides: Vec<String> = shape.iter().map(Value::to_string).collect();
        return sides.join(" × ");
    }
    if let Some(length) = size.get("length").and_then(Value::as_u64) {
        return measure::grouped(length);
    }
    size.get("bytes").and_then(Value::as_u64).map(measure::bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(of: &[(&str, &str)]) -> Names {
        let variables = of
            .iter()
            .map(|(name, fingerprint)| json!({"name": name, "type": "int", "value": "1", "fingerprint": fingerprint}));
        serde_json::from_value(json!({"variables": variables.collect::<Vec<_>>(), "total": of.len()})).unwrap()
    }

    fn changed(known: &Known) -> Vec<&str> {
        let names = known.names.variables.iter();
        names
            .filter(|variable| known.is_changed(variable))
            .map(|variable| &*variable.name)
            .collect()
    }

    #[test]
    fn what_differs_from_the_look_before_is_changed_until_something_differs_again() {
        let mut known = Known::default();
        known.take(names(&[("a", "1"), ("b", "1")]));
        assert_eq!(changed(&known), [""; 0], "at first everything is new, so nothing is marked");
        known.take(names(&[("a", "1"), ("b", "2"), ("c", "1")]));
        assert_eq!(changed(&known), ["b", "c"]);
        known.take(names(&[("a", "1"), ("b", "2"), ("c", "1")]));
        assert_eq!(changed(&known), ["b", "c"], "nothing differs since");
        known.take(names(&[("a", "3"), ("b", "2"), ("c", "1")]));
        assert_eq!(changed(&known), ["a"]);
    }

    #[test]
    fn sizes_say_what_they_count() {
        assert_eq!(size(&json!({"shape": [3, 4], "bytes": 7})), "3 × 4");
        assert_eq!(size(&json!({"length": 1200, "bytes": 7})), "1\u{202f}200");
        assert_eq!(size(&json!({"bytes": 2048})), "2.0 KiB");
        assert_eq!(size(&Value::Null), "");
    }
}
