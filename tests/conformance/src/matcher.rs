//! Expectations on one value. A plain YAML value means equality; a map with these names means the conditions, all of which must hold:
//! `equals`, `not`, `exists`, `matches`, `not_matches`, `contains`, `not_contains`, `one_of`, `none_of`, `at_least`, `at_most`, `length`, `keys`.

use anyhow::{Context as _, Result, bail};
use regex::Regex;
use serde_json::Value;

const CONDITIONS: [&str; 13] = [
    "equals",
    "not",
    "exists",
    "matches",
    "not_matches",
    "contains",
    "not_contains",
    "one_of",
    "none_of",
    "at_least",
    "at_most",
    "length",
    "keys",
];

/// Does `found` (none: there is no such place) meet `expected`? The error says in one line why not; variables are filled in already.
pub fn check(expected: &Value, found: Option<&Value>) -> Result<()> {
    let conditions = expected
        .as_object()
        .filter(|map| !map.is_empty() && map.keys().all(|key| CONDITIONS.contains(&key.as_str())));
    let Some(conditions) = conditions else {
        return condition("equals", expected, found);
    };
    conditions.iter().try_for_each(|(name, argument)| condition(name, argument, found))
}

fn condition(name: &str, argument: &Value, found: Option<&Value>) -> Result<()> {
    if name == "exists" {
        let wanted = argument.as_bool().context("`exists` takes true or false")?;
        // A field that is null says the same as one that is left out.
        let there = found.is_some_and(|value| !value.is_null());
        return if wanted == there { Ok(()) } else { fail("exists", argument, found) };
    }
    if name == "equals" && argument.is_null() && found.is_none() {
        return Ok(());
    }
    let Some(value) = found else {
        return fail(name, argument, None);
    };
    let holds = match name {
        "equals" => same(argument, value),
        "not" => !same(argument, value),
        "matches" => pattern(argument)?.is_match(&text(value)),
        "not_matches" => !pattern(argument)?.is_match(&text(value)),
        "contains" => contains(argument, value),
        "not_contains" => !contains(argument, value),
        "one_of" => list(argument)?.iter().any(|one| same(one, value)),
        "none_of" => !list(argument)?.iter().any(|one| same(one, value)),
        "at_least" => number(value)? >= number(argument)?,
        "at_most" => number(value)? <= number(argument)?,
        "length" => return check(argument, Some(&Value::from(length(value)?))),
        "keys" => return keys(argument, value),
        _ => bail!("unknown condition `{name}`"),
    };
    if holds { Ok(()) } else { fail(name, argument, found) }
}

/// Equal, with 1 and 1.0 the same.
fn same(one: &Value, other: &Value) -> bool {
    one == other || matches!((one, other), (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64())
}

fn contains(part: &Value, whole: &Value) -> bool {
    match whole {
        Value::Array(items) => items.iter().any(|item| check(part, Some(item)).is_ok()),
        Value::Object(map) => part.as_str().is_some_and(|key| map.contains_key(key)),
        other => text(other).contains(&text(part)),
    }
}

fn keys(argument: &Value, value: &Value) -> Result<()> {
    let map = value.as_object().context("`keys` is for objects")?;
    let mut found: Vec<&str> = map.keys().map(String::as_str).collect();
    let mut wanted = list(argument)?
        .iter()
        .map(|key| key.as_str().context("`keys` takes texts"))
        .collect::<Result<Vec<_>>>()?;
    found.sort_unstable();
    wanted.sort_unstable();
    if found != wanted {
        bail!("expected the fields {wanted:?}, found {found:?}");
    }
    Ok(())
}

fn pattern(argument: &Value) -> Result<Regex> {
    Ok(Regex::new(argument.as_str().context("a pattern is a text")?)?)
}

fn list(argument: &Value) -> Result<&Vec<Value>> {
    argument.as_array().context("takes a list")
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().with_context(|| format!("{value} is not a number"))
}

/// Characters, items or fields.
fn length(value: &Value) -> Result<usize> {
    Ok(match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(map) => map.len(),
        other => bail!("{other} has no length"),
    })
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn fail(name: &str, argument: &Value, found: Option<&Value>) -> Result<()> {
    let found = found.map_or_else(|| "nothing".to_owned(), |value| shorten(&value.to_string()));
    bail!("expected {name} {}, found {found}", shorten(&argument.to_string()))
}

/// Long values in messages: their beginning and their size.
pub(crate) fn shorten(text: &str) -> String {
    const SHOWN: usize = 2_000;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}… ({} bytes)", text.get(..at).unwrap_or_default(), text.len()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check;

    #[test]
    fn each_condition_holds_and_fails() {
        let cases = [
            (json!(1), json!(1.0), json!(2)),
            (json!({"equals": {"length": 1}}), json!({"length": 1}), json!("x")),
            (json!({"not": 1}), json!(2), json!(1)),
            (json!({"exists": true}), json!(0), json!(null)),
            (json!({"matches": "^a+$"}), json!("aa"), json!("ab")),
            (json!({"not_matches": "^a+$"}), json!("ab"), json!("aa")),
            (json!({"contains": "b"}), json!("abc"), json!("ac")),
            (json!({"contains": 2}), json!([1, 2]), json!([1, 3])),
            (json!({"not_contains": "b"}), json!("ac"), json!("abc")),
            (json!({"one_of": [1, 2]}), json!(2), json!(3)),
            (json!({"none_of": [1, 2]}), json!(3), json!(2)),
            (json!({"at_least": 2, "at_most": 3}), json!(2), json!(4)),
            (json!({"length": 2}), json!("éa"), json!("a")),
            (json!({"length": {"at_least": 2}}), json!([1, 2, 3]), json!([1])),
            (json!({"keys": ["b", "a"]}), json!({"a": 1, "b": 2}), json!({"a": 1})),
        ];
        for (expected, good, bad) in cases {
            check(&expected, Some(&good)).unwrap_or_else(|error| panic!("{expected} on {good}: {error}"));
            assert!(check(&expected, Some(&bad)).is_err(), "{expected} on {bad}");
        }
    }

    #[test]
    fn what_is_not_there_meets_only_null_and_not_existing() {
        assert!(check(&json!(null), None).is_ok());
        assert!(check(&json!({"exists": false}), None).is_ok());
        for expected in [json!(1), json!({"not": 1}), json!({"not_contains": "x"}), json!({"none_of": []})] {
            assert!(check(&expected, None).is_err(), "{expected}");
        }
    }
}
