use crate::lab::Lab;
use selvedge_engine::Status;

#[tokio::test]
async fn a_syntax_error_shows_the_line_and_the_place() {
    let mut lab = Lab::new().await;
    let seen = lab.run("x = 1\nfoo = (1 +* 2)\n").await;
    assert_eq!(seen.end.status, Status::Failed);
    let failure = seen.failure();
    assert_eq!(failure.kind, "SyntaxError");
    assert!(failure.message.ends_with("(cell 1, line 2)"), "{}", failure.message);
    assert_eq!(
        failure.traceback,
        format!(
            "  File \"cell 1\", line 2\n    foo = (1 +* 2)\n              ^\nSyntaxError: {}\n",
            failure.message.replace(" (cell 1, line 2)", "")
        )
    );
    let indented = lab.run("if x:\n    y = 'é' $ 2\n").await.failure();
    assert!(
        indented.traceback.contains("    y = 'é' $ 2\n            ^\n"),
        "{}",
        indented.traceback
    );
    assert_eq!(
        lab.run("x").await.failure().kind,
        "NameError",
        "nothing of a cell that does not parse runs"
    );
    assert_eq!(lab.run("def f():\nreturn 1").await.failure().kind, "IndentationError");
}

#[tokio::test]
async fn a_traceback_has_the_cells_lines_and_nothing_of_ours() {
    let mut lab = Lab::new().await;
    let failure = lab
        .run("def divide(a, b):\n    return a / b\n\nprint('before')\ndivide(1, 0)\n")
        .await
        .failure();
    assert_eq!(
        (failure.kind.as_str(), failure.message.as_str()),
        ("ZeroDivisionError", "division by zero")
    );
    assert_eq!(
        failure.traceback,
        "Traceback (most recent call last):\n  File \"cell 1\", line 5, in <module>\n    divide(1, 0)\n    ~~~~~~^^^^^^\n  \
         File \"cell 1\", line 2, in divide\n    return a / b\n           ~~^~~\nZeroDivisionError: division by zero\n"
    );
}

#[tokio::test]
async fn causes_are_shown_and_library_frames_are_not() {
    let mut lab = Lab::new().await;
    let failure = lab
        .run("import json\ntry:\n    json.loads('[1,')\nexcept ValueError as e:\n    raise RuntimeError('bad file') from e")
        .await
        .failure();
    assert_eq!((failure.kind.as_str(), failure.message.as_str()), ("RuntimeError", "bad file"));
    assert!(
        failure.traceback.contains("json.decoder.JSONDecodeError: "),
        "{}",
        failure.traceback
    );
    assert!(failure.traceback.contains("direct cause"), "{}", failure.traceback);
    assert_eq!(failure.traceback.matches("File ").count(), 2, "{}", failure.traceback);
}

#[tokio::test]
async fn a_module_that_is_not_here_says_why() {
    let mut lab = Lab::new().await;
    let numpy = lab.run("import numpy as np").await.failure();
    assert_eq!(numpy.kind, "ModuleNotFoundError");
    assert!(
        numpy
            .message
            .starts_with("No module named 'numpy'. `numpy` needs native code and is not available here"),
        "{}",
        numpy.message
    );
    assert!(numpy.traceback.contains("needs native code"), "{}", numpy.traceback);
    let other = lab.run("import flask").await.failure();
    assert!(other.message.contains("standard library"), "{}", other.message);
    let submodule = lab.run("import matplotlib.pyplot as plt").await.failure();
    assert!(submodule.message.contains("selvedge.chart"), "{}", submodule.message);
}

#[tokio::test]
async fn what_cannot_be_shown_is_an_error_and_not_the_end() {
    let mut lab = Lab::new().await;
    let repr = lab
        .run("class R:\n    def __repr__(self): raise KeyError('no')\nR()")
        .await
        .failure();
    assert_eq!(repr.kind, "KeyError");
    let text = lab
        .run("class E(Exception):\n    def __str__(self): raise OSError\nraise E")
        .await
        .failure();
    assert_eq!(text.kind, "E");
    let huge = lab.run("raise ValueError('x' * 10_000_000)").await.failure();
    assert!(huge.message.len() <= 2_000 && huge.traceback.len() <= 65_536);
    assert_eq!(lab.value("1").await, "1");
}

#[tokio::test]
async fn a_function_of_an_earlier_cell_keeps_its_lines() {
    let mut lab = Lab::new().await;
    lab.run("def f():\n    raise LookupError('here')").await;
    let failure = lab.run("f()").await.failure();
    // Both cells have the same label here: the old text is gone, and wrong lines would be worse than none.
    assert!(!failure.traceback.contains("line 2, in f\n    f()"), "{}", failure.traceback);
    assert!(failure.traceback.contains("File \"cell 1\", line 2, in f"), "{}", failure.traceback);
}
