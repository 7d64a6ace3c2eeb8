use serde_json::{Value, json};

use super::*;

fn order() -> Value {
    json!({
        "run": format!("run_{}", "0".repeat(32)),
        "project": format!("prj_{}", "0".repeat(32)),
        "seal": "5e".repeat(32),
        "kernel": format!("krn_{}", "0".repeat(32)),
        "label": "cell 1",
        "language": "python",
        "environment": null,
        "code": "print(1)",
        "stdin": null,
        "limits": { "wall_ms": 30_000, "fuel": 1_000_000, "memory_bytes": 256 << 20, "output_bytes": 1 << 20 },
        "report_url": "http://127.0.0.1:3000/internal/runs/report",
        "report_token": "token",
    })
}

/// The fault of the order in which the value at this JSON pointer is replaced.
fn fault(pointer: &str, value: Value) -> Option<Fault> {
    let mut order = order();
    *order.pointer_mut(pointer).unwrap() = value;
    parse(order.to_string().as_bytes(), &Edge::new("http://127.0.0.1:3000").unwrap()).err()
}

fn field(pointer: &str, value: Value) -> Option<String> {
    fault(pointer, value)?.field
}

#[test]
fn a_good_order_is_taken_and_its_reports_have_a_path() {
    let (_, path) = parse(order().to_string().as_bytes(), &Edge::new("http://127.0.0.1:3000").unwrap()).unwrap();
    assert_eq!(path, "/internal/runs/report");
}

#[test]
fn every_bound_is_kept_at_the_bound_and_one_past_it() {
    for (pointer, name, least, most) in [
        ("/limits/wall_ms", "limits.wall_ms", WALL_MS_MIN, WALL_MS_MAX),
        ("/limits/fuel", "limits.fuel", FUEL_MIN, FUEL_MAX),
        ("/limits/memory_bytes", "limits.memory_bytes", MEMORY_BYTES_MIN, MEMORY_BYTES_MAX),
        ("/limits/output_bytes", "limits.output_bytes", OUTPUT_BYTES_MIN, OUTPUT_BYTES_MAX),
    ] {
        assert_eq!(fault(pointer, json!(least)), None);
        assert_eq!(fault(pointer, json!(most)), None);
        assert_eq!(field(pointer, json!(least - 1)).unwrap(), name);
        assert_eq!(field(pointer, json!(most + 1)).unwrap(), name);
    }
    for (pointer, name, most) in [
        ("/code", "code", CODE_BYTES_MAX),
        ("/stdin", "stdin", STDIN_BYTES_MAX),
        ("/label", "label", LABEL_BYTES_MAX),
    ] {
        let most = usize::try_from(most).unwrap();
        assert_eq!(fault(pointer, json!("x".repeat(most))), None);
        assert_eq!(field(pointer, json!("x".repeat(most + 1))).unwrap(), name);
    }
}

#[test]
fn ids_that_could_leave_the_nodes_folders_are_refused() {
    for id in ["run_../../../../etc/passwd", "", "run_", "."] {
        assert_eq!(field("/run", json!(id)).unwrap(), "run");
        assert_eq!(field("/kernel", json!(id)).unwrap(), "kernel");
    }
}

#[test]
fn a_report_url_elsewhere_is_refused() {
    assert_eq!(
        field("/report_url", json!("http://127.0.0.1:3000.evil.example/r")).unwrap(),
        "report_url"
    );
}

#[test]
fn an_environment_is_named_by_a_hash() {
    assert!(fault("/environment", json!("5e".repeat(32))).is_none());
    assert!(fault("/environment", json!(null)).is_none());
    for other in ["", "attrs", &"5e".repeat(31), &"5E".repeat(32), &"../".repeat(21)] {
        assert_eq!(field("/environment", json!(other)).unwrap(), "environment", "{other}");
    }
}

#[test]
fn an_unknown_language_is_refused_by_its_own_code() {
    assert_eq!(fault("/language", json!("cobol")).unwrap().code, "order.language_unknown");
}

#[test]
fn malformed_orders_name_the_field_when_there_is_one() {
    let edge = Edge::new("http://127.0.0.1:3000").unwrap();
    let mut unknown = order();
    unknown["limits"]["colour"] = json!(1);
    assert_eq!(
        parse(unknown.to_string().as_bytes(), &edge).unwrap_err().field.unwrap(),
        "limits.colour"
    );
    assert_eq!(field("/limits/fuel", json!("much")).unwrap(), "limits.fuel");
    assert_eq!(field("/limits/fuel", json!(-1)).unwrap(), "limits.fuel");
    for body in [&b""[..], b"{", b"[]", b"\xff", b"null"] {
        assert_eq!(parse(body, &edge).unwrap_err().code, "order.malformed", "{body:?}");
    }
    let trailing = format!("{} {{}}", order());
    assert_eq!(parse(trailing.as_bytes(), &edge).unwrap_err().code, "order.malformed");
}
