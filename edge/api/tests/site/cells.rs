//! Editing cells.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Answer, Visitor, World};

async fn put(world: &World, visitor: &Visitor, code: &str, if_match: Option<&str>) -> Answer {
    let ask = world
        .ask("PUT", &format!("/api/v1/notebooks/{}/cells/{}", visitor.notebook, visitor.cell))
        .bearer(&visitor.token);
    let ask = if let Some(etag) = if_match {
        ask.header("if-match", etag)
    } else {
        ask
    };
    ask.json(&json!({"code": code})).answer().await
}

async fn notebook(world: &World, visitor: &Visitor) -> Value {
    world.notebook_shown(visitor).await
}

#[tokio::test]
async fn two_editors_cannot_overwrite_each_other_unseen() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let version = notebook(&world, &visitor).await["cells"][0]["version"].as_u64().unwrap();
    let etag = format!("\"{version}\"");

    let first = put(&world, &visitor, "first", Some(&etag)).await;
    assert_eq!(
        (first.status, first.json()["version"].as_u64()),
        (StatusCode::OK, Some(version + 1))
    );
    let current = first.header("etag").to_owned();
    assert_eq!(current, format!("\"{}\"", version + 1));

    let second = put(&world, &visitor, "second", Some(&etag)).await;
    second.refused(412, "cell.stale", None);
    assert_eq!(second.header("etag"), current);
    assert_eq!(notebook(&world, &visitor).await["cells"][0]["code"], "first");

    assert_eq!(put(&world, &visitor, "third", Some(&current)).await.status, StatusCode::OK);
    assert_eq!(put(&world, &visitor, "fourth", Some("*")).await.status, StatusCode::OK);
    assert_eq!(put(&world, &visitor, "fifth", None).await.status, StatusCode::OK);
    for wrong in ["3", "W/\"3\"", "\"1\", \"2\"", "\"x\""] {
        put(&world, &visitor, "sixth", Some(wrong))
            .await
            .refused(400, "request.if_match", Some("If-Match"));
    }
    assert_eq!(notebook(&world, &visitor).await["cells"][0]["code"], "fifth");
}

#[tokio::test]
async fn cells_are_added_where_they_are_wanted_and_removed() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let path = format!("/api/v1/notebooks/{}/cells", visitor.notebook);
    let add = |body: Value| world.ask("POST", &path).bearer(&visitor.token).json(&body).answer();
    let second = add(json!({"code": "second", "after": visitor.cell})).await;
    assert_eq!(second.status, StatusCode::CREATED, "{}", second.text());
    let second_id = second.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(second.header("location"), format!("{path}/{second_id}"));
    add(json!({"code": "top"})).await;
    let codes: Vec<_> = notebook(&world, &visitor).await["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| cell["code"].clone())
        .collect();
    assert_eq!(
        (codes.len(), &codes[0], &codes[2]),
        (5, &Value::from("top"), &Value::from("second"))
    );
    add(json!({"code": "lost", "after": "cel_nothing"}))
        .await
        .refused(400, "cell.after_unknown", Some("after"));

    let remove = || world.ask("DELETE", &format!("{path}/{second_id}")).bearer(&visitor.token).answer();
    assert_eq!(remove().await.status, StatusCode::NO_CONTENT);
    remove().await.refused(404, "cell.not_found", None);
    assert_eq!(notebook(&world, &visitor).await["cells"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_cell_of_another_notebook_is_not_found_through_ones_own() {
    let world = World::new().await;
    let (mine, other) = (world.visitor().await, world.visitor().await);
    let crossed = Visitor {
        cell: other.cell.clone(),
        ..mine.clone()
    };
    put(&world, &crossed, "stolen", None).await.refused(404, "cell.not_found", None);
    let path = format!("/api/v1/notebooks/{}/cells/{}", mine.notebook, other.cell);
    world
        .ask("DELETE", &path)
        .bearer(&mine.token)
        .answer()
        .await
        .refused(404, "cell.not_found", None);
    world
        .ask("POST", &format!("{path}/run"))
        .bearer(&mine.token)
        .answer()
        .await
        .refused(404, "cell.not_found", None);
    assert!(!notebook(&world, &other).await.to_string().contains("stolen"));
}

#[tokio::test]
async fn projects_and_notebooks_are_made_and_listed() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    world.clock.advance(1);
    let project = world
        .ask("POST", "/api/v1/projects")
        .bearer(&visitor.token)
        .json(&json!({"name": "Weaving"}))
        .answer()
        .await;
    let path = project.header("location").to_owned();
    assert_eq!(
        (project.json()["name"].as_str(), project.json()["role"].as_str()),
        (Some("Weaving"), Some("owner"))
    );
    let made = world.ask("POST", &format!("{path}/notebooks")).bearer(&visitor.token);
    let made = made
        .json(&json!({"name": "Loom", "cells": [{"code": "1"}, {"code": "2"}]}))
        .answer()
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.json()["cells"][1]["code"], "2");
    assert!(made.json()["cells"][1]["id"].as_str().unwrap().starts_with("cel_"));
    let listed = world.shown(&visitor, &format!("{path}/notebooks")).await;
    assert_eq!(
        (listed["items"][0]["name"].as_str(), listed["items"].as_array().unwrap().len()),
        (Some("Loom"), 1)
    );
    let projects = world.shown(&visitor, "/api/v1/projects").await;
    let names: Vec<_> = projects["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|project| project["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Weaving", "Scratch"]);
}
