//! What the user's names are bound to, and that looking changes nothing.

use crate::lab::Lab;
use selvedge_engine::{AskError, AskLimits};
use serde_json::{Value, json};

fn named<'a>(reply: &'a Value, name: &str) -> &'a Value {
    let list = reply["variables"].as_array().unwrap();
    list.iter().find(|entry| entry["name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn every_name_has_its_type_kind_value_and_size() {
    let mut lab = Lab::new().await;
    lab.run("import math\nx = 41\nname = 'é' * 500\nrows = [{'a': 1, 'b': 'x'}] * 300\nclass K: pass\ndef f(): pass\nk = K()\n_private = 1\nbig = 10 ** 5_000")
        .await;
    let reply = lab.ask(json!({"variables": {}})).await;
    assert_eq!(
        (
            &named(&reply, "x")["type"],
            &named(&reply, "x")["value"],
            &named(&reply, "x")["kind"]
        ),
        (&json!("int"), &json!("41"), &json!("value"))
    );
    assert_eq!(named(&reply, "name")["size"]["length"], 500);
    assert!(named(&reply, "name")["value"].as_str().unwrap().chars().count() <= 200);
    assert_eq!(named(&reply, "rows")["size"]["shape"], json!([300, 2]));
    assert_eq!(
        named(&reply, "rows")["table"],
        json!({"columns": ["a", "b"], "rows": vec![["1", "'x'"]; 5], "total": 300})
    );
    assert_eq!(
        ["math", "K", "f", "k"].map(|name| named(&reply, name)["kind"].as_str().unwrap().to_owned()),
        ["module", "class", "function", "value"]
    );
    assert_eq!(named(&reply, "k")["value"], "<K object>");
    assert!(named(&reply, "big")["value"].as_str().unwrap().contains("bits"), "{reply}");
    assert_eq!(named(&reply, "_private")["value"], "1");
    assert_eq!(*named(&reply, "__builtins__"), Value::Null);
}

#[tokio::test]
async fn what_has_changed_since_an_earlier_answer() {
    let mut lab = Lab::new().await;
    lab.run("a = [1]\nb = 2\nc = 3").await;
    let before = lab.ask(json!({"variables": {}})).await;
    let since: Value = before["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["name"].as_str().unwrap().to_owned(), entry["fingerprint"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    lab.run("a.append(2)\ndel c\nd = 4").await;
    let reply = lab.ask(json!({"variables": {"since": since}})).await;
    assert_eq!(
        ["a", "b", "d"].map(|name| named(&reply, name)["changed"].as_bool().unwrap()),
        [true, false, true]
    );
    assert_eq!(reply["gone"], json!(["c"]));
}

#[tokio::test]
async fn looking_changes_nothing_that_a_cell_can_see() {
    let mut lab = Lab::new().await;
    lab.run("calls = []\nclass Spy:\n    def __repr__(self):\n        calls.append('repr')\n        print('seen')\n        return 'Spy'\n    def __getattr__(self, name):\n        calls.append(name)\n        raise AttributeError\n    def __dir__(self):\n        calls.append('dir')\n        return ['secret']\nspy = Spy()").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    assert_eq!(named(&lab.ask(json!({"variables": {}})).await, "spy")["value"], "Spy");
    lab.ask(json!({"complete": {"code": "spy.", "cursor": 4}})).await;
    lab.ask(json!({"inspect": {"code": "spy", "cursor": 3}})).await;
    lab.ask(json!({"variables": {}})).await;
    assert_eq!(lab.kernel.checkpoint().unwrap().state().pages, checkpoint.state().pages);
    let seen = lab.run("calls").await;
    assert_eq!((seen.value(), seen.stdout()), ("[]".to_owned(), String::new()));
}

#[tokio::test]
async fn code_that_never_ends_or_always_fails_costs_its_own_value_only() {
    for (repr, shown) in [
        ("while True: pass", "<Bad object>"),
        ("return 'x' * 10**7", ""),
        ("raise SystemExit", "raises SystemExit"),
        ("return 1", "raises TypeError"),
        ("import os; os._exit(1)", "<Bad object>"),
        ("return repr(self)", "raises RecursionError"),
    ] {
        let mut lab = Lab::new().await;
        lab.run(&format!(
            "before = 1\nclass Bad:\n    def __repr__(self):\n        {repr}\nbad = Bad()\nzoo = 2"
        ))
        .await;
        let reply = lab
            .kernel
            .ask(
                &json!({"variables": {}}),
                AskLimits {
                    fuel: 400_000_000,
                    ..AskLimits::default()
                },
            )
            .await
            .unwrap();
        assert_eq!(named(&reply, "zoo")["value"], "2", "{repr}");
        let value = named(&reply, "bad")["value"].as_str().unwrap();
        assert!(value.contains(shown) && value.chars().count() <= 200, "{repr}: {value}");
        assert_eq!(lab.value("before").await, "1");
    }
}

#[tokio::test]
async fn a_question_that_nobody_understands_or_that_costs_too_much_says_so() {
    let mut lab = Lab::new().await;
    assert_eq!(
        lab.kernel.ask(&json!({"dance": {}}), AskLimits::default()).await,
        Err(AskError::NotUnderstood)
    );
    let wrong = lab.ask(json!({"complete": {"colour": 1}})).await;
    assert_eq!((&wrong["status"], &wrong["ename"]), (&json!("error"), &json!("TypeError")));
    lab.run("def forever():\n    while True: pass").await;
    let little = AskLimits {
        fuel: 300_000_000,
        ..AskLimits::default()
    };
    let question = json!({"complete": {"code": "forever().a", "cursor": 11}});
    assert_eq!(lab.kernel.ask(&question, little).await, Err(AskError::TooMuch));
    assert_eq!(lab.value("1").await, "1");
}
