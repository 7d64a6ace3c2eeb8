//! What is told about the object under the cursor.

use crate::lab::Lab;
use serde_json::{Value, json};

impl Lab {
    /// What is said about the object at `|`.
    async fn inspect(&mut self, code: &str, detail: u8) -> Value {
        let cursor = code.chars().take_while(|c| *c != '|').count();
        self.ask(json!({ "inspect": { "code": code.replace('|', ""), "cursor": cursor, "detail": detail } }))
            .await
    }
}

#[tokio::test]
async fn a_function_tells_its_signature_its_doc_and_its_source() {
    let mut lab = Lab::new().await;
    lab.run("def area(width, height=2, *, unit='m') -> float:\n    \"\"\"The area of a *rectangle*.\"\"\"\n    return width * height")
        .await;
    assert_eq!(
        lab.inspect("area(1, he|ight=3)", 0).await["found"],
        false,
        "the name of a parameter is nobody's name here"
    );
    for code in ["ar|ea(1)", "area(|", "area(1, |"] {
        let reply = lab.inspect(code, 0).await;
        let text = reply["data"]["text/plain"].as_str().unwrap();
        assert!(
            text.contains("area(width, height=2, *, unit='m')") && text.contains("*rectangle*"),
            "{text}"
        );
        assert!(text.contains("cell 1, line 1"), "{text}");
        assert!(
            reply["data"]["text/markdown"]
                .as_str()
                .unwrap()
                .starts_with("```python\narea(width"),
            "{reply}"
        );
    }
    let with_source = lab.inspect("area|", 1).await;
    assert_eq!(
        with_source["data"]["application/vnd.selvedge.inspect+json"]["source"]
            .as_str()
            .unwrap()
            .lines()
            .count(),
        3,
        "{with_source}"
    );
}

#[tokio::test]
async fn values_classes_modules_and_what_is_not_there() {
    let mut lab = Lab::new().await;
    lab.run("import json\nclass A:\n    'What it is.'\n    def __init__(self, n): self.n = n\nrows = [[1, 2]] * 40\na = A(1)")
        .await;
    let rows = lab.inspect("len(ro|ws)", 0).await;
    let about = &rows["data"]["application/vnd.selvedge.inspect+json"];
    assert_eq!((&about["type"], &about["length"]), (&json!("list"), &json!(40)));
    assert!(
        lab.inspect("A|", 0).await["data"]["text/plain"]
            .as_str()
            .unwrap()
            .contains("What it is.")
    );
    assert!(
        lab.inspect("json.dum|ps", 0).await["data"]["text/plain"]
            .as_str()
            .unwrap()
            .contains("Serialize")
    );
    assert!(
        lab.inspect("print|", 0).await["data"]["text/plain"]
            .as_str()
            .unwrap()
            .contains("Type:")
    );
    for code in ["nowhere|", "|", "1 + |", "a.nothing|"] {
        assert_eq!(
            lab.inspect(code, 0).await,
            json!({"status": "ok", "found": false, "data": {}, "metadata": {}}),
            "{code}"
        );
    }
}
