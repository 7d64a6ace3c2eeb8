//! The committed OpenAPI document is the routes'.

use std::collections::BTreeSet;

use selvedge_api::endpoints::ENDPOINTS;
use selvedge_api::openapi;
use serde_json::Value;

#[test]
fn the_committed_document_is_up_to_date() {
    let made = openapi::document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &made).unwrap();
        return;
    }
    assert!(
        made == openapi::COMMITTED,
        "edge/api/openapi.json differs from the routes; run this test with UPDATE=1 and look at the change"
    );
}

#[test]
fn every_endpoint_is_described_where_it_is_mounted() {
    let mounted: BTreeSet<String> = ENDPOINTS
        .iter()
        .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
        .collect();
    assert_eq!(mounted.len(), ENDPOINTS.len(), "an endpoint is mounted twice");
    let document = serde_json::to_value(openapi::document()).unwrap();
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .keys()
                .map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert_eq!(mounted, described);
}

#[test]
fn every_response_has_a_description() {
    let document: Value = serde_json::from_str(openapi::COMMITTED).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(
                    response["description"].as_str().is_some_and(|text| !text.is_empty()),
                    "{method} {path} {status}"
                );
            }
        }
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn references<'a>(value: &'a Value, into: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(map) => {
                into.extend(map.get("$ref").and_then(Value::as_str));
                map.values().for_each(|value| references(value, into));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, into)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(openapi::COMMITTED).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 10, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}
