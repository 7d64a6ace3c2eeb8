//! Variables in a scenario: `${run}` is replaced by what was saved as `run`. A string that is nothing else takes the saved value's type.
//! `{$repeat: text, times: n}` becomes a long string, with `before` and `after` around it if given; `{$minus: [a, b]}` a difference.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// What was saved so far.
#[derive(Clone, Debug, Default)]
pub struct Variables(BTreeMap<String, Value>);

impl Variables {
    /// Save, or replace.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Has anything been saved under this name?
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn get(&self, name: &str) -> Result<&Value> {
        self.0.get(name).with_context(|| format!("nothing was saved as `{name}`"))
    }

    /// Text with its variables filled in.
    pub fn text(&self, text: &str) -> Result<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) = after.split_once('}').with_context(|| format!("`${{` without `}}` in `{text}`"))?;
            filled.push_str(before);
            match self.get(name)? {
                Value::String(saved) => filled.push_str(saved),
                other => filled.push_str(&other.to_string()),
            }
            rest = tail;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// A JSON value with its variables and repetitions filled in.
    pub fn value(&self, value: &Value) -> Result<Value> {
        Ok(match value {
            Value::String(text) => match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if !name.contains('}') => self.get(name)?.clone(),
                _ => Value::String(self.text(text)?),
            },
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect::<Result<_>>()?,
            Value::Object(map) if map.contains_key("$minus") => self.difference(map)?,
            Value::Object(map) if map.contains_key("$repeat") => Value::String(repeat(map)?),
            Value::Object(map) => map
                .iter()
                .map(|(key, item)| Ok((key.clone(), self.value(item)?)))
                .collect::<Result<_>>()?,
            other => other.clone(),
        })
    }

    fn difference(&self, map: &serde_json::Map<String, Value>) -> Result<Value> {
        let terms = map.get("$minus").and_then(Value::as_array).context("`$minus` takes a list")?;
        let terms = terms
            .iter()
            .map(|term| self.value(term)?.as_i64().context("`$minus` takes whole numbers"))
            .collect::<Result<Vec<_>>>()?;
        let (first, rest) = terms.split_first().context("`$minus` of nothing")?;
        Ok(Value::from(rest.iter().fold(*first, |left, term| left - term)))
    }
}

fn repeat(map: &serde_json::Map<String, Value>) -> Result<String> {
    if let Some(unknown) = map
        .keys()
        .find(|key| !["$repeat", "times", "before", "after"].contains(&key.as_str()))
    {
        bail!("`{unknown}` beside `$repeat`");
    }
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    let times = map
        .get("times")
        .and_then(Value::as_u64)
        .and_then(|times| usize::try_from(times).ok())
        .context("`$repeat` without `times`")?;
    let unit = text("$repeat").context("`$repeat` takes a text")?;
    Ok(format!(
        "{}{}{}",
        text("before").unwrap_or_default(),
        unit.repeat(times),
        text("after").unwrap_or_default()
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Variables;

    #[test]
    fn variables_keep_their_type_alone_and_become_text_in_text() {
        let mut variables = Variables::default();
        variables.set("n", 3);
        variables.set("id", "run_1");
        assert_eq!(
            variables.value(&json!({"a": "${n}", "b": ["x${n}/${id}"]})).unwrap(),
            json!({"a": 3, "b": ["x3/run_1"]})
        );
        assert_eq!(variables.value(&json!({"$minus": [10, "${n}"]})).unwrap(), json!(7));
        assert!(variables.text("${unknown}").is_err());
    }

    #[test]
    fn repetition_makes_long_texts() {
        let made = Variables::default()
            .value(&json!({"$repeat": "ab", "times": 3, "before": "<", "after": ">"}))
            .unwrap();
        assert_eq!(made, json!("<ababab>"));
        assert!(Variables::default().value(&json!({"$repeat": "ab", "time": 3})).is_err());
    }
}
