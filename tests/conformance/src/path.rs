//! Places in a JSON document: `$`, `$.error.code`, `$.items[0].id`, `$.cells[-1]`.

use serde_json::Value;

/// The value at `path`; none when there is no such place.
pub fn find<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    let mut rest = path.strip_prefix('$')?;
    let mut at = document;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, tail) = after.split_at(end);
            at = at.get(name)?;
            rest = tail;
        } else {
            let (index, tail) = rest.strip_prefix('[')?.split_once(']')?;
            let items = at.as_array()?;
            let index: isize = index.parse().ok()?;
            at = items.get(
                index
                    .checked_add_unsigned(if index < 0 { items.len() } else { 0 })
                    .and_then(|i| usize::try_from(i).ok())?,
            )?;
            rest = tail;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::find;

    #[test]
    fn places_are_found_and_missing_ones_are_not() {
        let document = json!({"a": [{"b": 1}, {"b": 2}], "c": null});
        assert_eq!(find(&document, "$.a[1].b"), Some(&json!(2)));
        assert_eq!(find(&document, "$.a[-1].b"), Some(&json!(2)));
        assert_eq!(find(&document, "$.c"), Some(&json!(null)));
        assert_eq!(find(&document, "$"), Some(&document));
        for missing in ["$.x", "$.a[2]", "$.a[-3]", "$.c.d", "a"] {
            assert_eq!(find(&document, missing), None, "{missing}");
        }
    }
}
