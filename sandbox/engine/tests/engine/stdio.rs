use crate::lab::{Lab, limits};
use selvedge_engine::{EventKind, Status};

#[tokio::test]
async fn input_reads_the_lines_that_came_with_the_run() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run_with("name = input('who? ')\nrest = input()\nprint(name, rest)", Some("Ada\né"), limits())
        .await;
    assert_eq!(seen.stdout(), "who? Ada é\n", "{seen:?}");
    let past = lab.run_with("a = input()\nb = input()", Some("one\n"), limits()).await.failure();
    assert_eq!((past.kind.as_str(), past.message.as_str()), ("EOFError", "EOF when reading a line"));
    assert_eq!(lab.value("a").await, "'one'");
    assert_eq!(
        lab.run("input()").await.failure().kind,
        "EOFError",
        "nothing is left over from the cell before"
    );
    assert_eq!(
        lab.run_with("import sys\nsys.stdin.read(), sys.stdin.read()", Some("1\n2"), limits())
            .await
            .value(),
        "('1\\n2', '')"
    );
    assert_eq!(
        lab.run_with("[int(l) for l in sys.stdin]", Some("1\n2\n"), limits()).await.value(),
        "[1, 2]"
    );
}

#[tokio::test]
async fn streams_are_what_programs_expect() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import sys, io, contextlib, logging\nsys.stdout.write('a')\nsys.stdout.writelines(['b', 'c'])\nsys.stdout.buffer.write(b'd')\nprint('e', end='', flush=True)\nlogging.warning('w')\nwith contextlib.redirect_stdout(io.StringIO()) as s:\n    print('hidden')\n(sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.writable(), s.getvalue(), isinstance(sys.stdout, io.TextIOBase))")
        .await;
    assert_eq!(seen.stdout(), "abcde", "{seen:?}");
    assert_eq!(seen.text(EventKind::Stderr), "WARNING:root:w\n");
    assert_eq!(seen.value(), "(False, 'utf-8', True, 'hidden\\n', True)");
    assert_eq!(lab.run("sys.stdout.close()\nprint('still')").await.stdout(), "still\n");
}

#[tokio::test]
async fn there_are_no_files_of_the_machine_no_network_and_no_processes() {
    let mut lab = Lab::new().await;
    for (code, kind) in [
        ("open('/etc/passwd')", "FileNotFoundError"),
        ("open('/proc/self/maps')", "FileNotFoundError"),
        ("import os\nos.listdir('/dev')", "FileNotFoundError"),
        ("import subprocess\nsubprocess.run(['ls'])", ""),
        ("import socket\nsocket.create_connection(('127.0.0.1', 80))", ""),
    ] {
        let seen = lab.run(code).await;
        assert_eq!(seen.end.status, Status::Failed, "{code}: {seen:?}");
        let failure = seen.failure();
        assert!(kind.is_empty() || failure.kind == kind, "{code}: {failure:?}");
        assert_ne!(failure.kind, "Crash", "{code}: {failure:?}");
    }
    assert_eq!(lab.value("dict(os.environ)").await, "{'HOME': '/home'}");
}

#[tokio::test]
async fn sleeping_takes_time_and_no_fuel() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import time\nt = time.monotonic()\ntime.sleep(0.05)\nprint(time.monotonic() - t >= 0.05)")
        .await;
    assert_eq!(seen.stdout(), "True\n", "{seen:?}");
    assert!(seen.end.fuel < 10_000_000, "{}", seen.end.fuel);
}
