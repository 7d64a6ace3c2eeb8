//! The worker as a program, with the real Python image, spoken to as its node does.
#![cfg(test)]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use selvedge_checkpoint::join;
use selvedge_protocol::worker::{FromWorker, KernelMemory, KernelStart, RunCell, ToWorker, VERSION, read_frame, write_frame};
use selvedge_protocol::{EventKind, OrderLimits, Outcome, Status, Task, limits};

fn image() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/selvedge/images/python");
    let image = std::env::var_os("SELVEDGE_IMAGE").map_or_else(built, PathBuf::from);
    assert!(
        image.is_dir(),
        "no guest image in {}: run `cargo xtask build` first, or name one with SELVEDGE_IMAGE",
        image.display()
    );
    image
}

/// What these tests say that the node keeps.
const NEWEST: u64 = 7;

struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
}

/// How a run ended.
#[derive(Debug)]
struct End {
    value: Option<String>,
    outcome: Outcome,
    checkpoint: Option<Vec<u8>>,
    /// What the checkpoint is a difference to.
    after: Option<u64>,
}

impl Worker {
    fn start(arguments: &[&str]) -> Self {
        Self::with_images(&image(), arguments)
    }

    fn with_images(images: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_selvedge-sandbox-worker"))
            .arg("--image")
            .arg(images)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), child.stdout.take().unwrap());
        let mut worker = Self { child, input, output };
        assert!(matches!(worker.hear().unwrap().0, FromWorker::Ready { version: VERSION, .. }));
        worker
    }

    fn say(&mut self, message: &ToWorker, attachment: &[u8]) {
        write_frame(self.input.as_mut().unwrap(), message, attachment).unwrap();
    }

    fn hear(&mut self) -> Option<(FromWorker, Vec<u8>)> {
        read_frame(&mut self.output).unwrap()
    }

    fn run(&mut self, run: &str, kernel: Option<(&str, KernelMemory)>, code: &str, checkpoint: &[u8]) {
        self.run_in(None, run, kernel, code, checkpoint);
    }

    fn run_in(&mut self, environment: Option<&str>, run: &str, kernel: Option<(&str, KernelMemory)>, code: &str, checkpoint: &[u8]) {
        self.run_as("python", environment, run, kernel, code, checkpoint);
    }

    /// A run that asks its person.
    fn run_asking(&mut self, run: &str, code: &str) {
        self.say(
            &ToWorker::Run(RunCell {
                interactive: true,
                ..cell(run, code)
            }),
            &[],
        );
    }

    fn run_as(
        &mut self,
        language: &str,
        environment: Option<&str>,
        run: &str,
        kernel: Option<(&str, KernelMemory)>,
        code: &str,
        checkpoint: &[u8],
    ) {
        let kernel = kernel.map(|(id, memory)| KernelStart {
            id: id.to_owned(),
            memory,
            newest: NEWEST,
        });
        let cell = RunCell {
            kernel,
            language: language.to_owned(),
            environment: environment.map(str::to_owned),
            ..cell(run, code)
        };
        self.say(&ToWorker::Run(cell), checkpoint);
    }

    /// The next message that is no event and no news of a run that goes on, with the value that was shown before it.
    fn end(&mut self) -> (String, End) {
        let mut value = None;
        loop {
            match self.hear().unwrap() {
                (
                    FromWorker::Event {
                        kind: EventKind::Value,
                        data,
                        ..
                    },
                    _,
                ) => {
                    value = data["data"]["text/plain"].as_str().map(str::to_owned);
                }
                (FromWorker::Event { .. } | FromWorker::Stopped { .. }, _) => {}
                (FromWorker::Ended { run, outcome, kept, after }, checkpoint) => {
                    return (
                        run,
                        End {
                            value,
                            outcome,
                            checkpoint: kept.then_some(checkpoint),
                            after,
                        },
                    );
                }
                (other, _) => panic!("{other:?}"),
            }
        }
    }

    fn cell(&mut self, kernel: &str, memory: KernelMemory, code: &str, checkpoint: &[u8]) -> End {
        self.run("run_cell", Some((kernel, memory)), code, checkpoint);
        self.end().1
    }

    /// The exit status and what was written to stderr.
    fn wait(mut self) -> (ExitStatus, String) {
        self.input.take();
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (self.child.wait().unwrap(), errors)
    }
}

/// An isolated run of Python.
fn cell(run: &str, code: &str) -> RunCell {
    RunCell {
        run: run.to_owned(),
        kernel: None,
        language: "python".to_owned(),
        environment: None,
        label: "cell".to_owned(),
        code: code.to_owned(),
        stdin: None,
        interactive: false,
        task: Task::Run,
        limits: OrderLimits {
            wall_ms: limits::WALL_MS_DEFAULT,
            fuel: limits::FUEL_DEFAULT,
            memory_bytes: limits::MEMORY_BYTES_DEFAULT,
            output_bytes: limits::OUTPUT_BYTES_DEFAULT,
        },
    }
}

#[test]
fn a_live_kernel_keeps_its_variables_and_a_checkpoint_brings_them_to_another_process() {
    let mut worker = Worker::start(&[]);
    let mut objects = vec![worker.cell("k", KernelMemory::Empty, "x = 40", &[]).checkpoint.unwrap()];
    let end = worker.cell("k", KernelMemory::Alive, "x += 1\nx", &[]);
    assert_eq!((end.value.as_deref(), end.after), (Some("41"), Some(NEWEST)));
    objects.push(end.checkpoint.unwrap());
    worker.wait();

    // In another process, where it goes on as before.
    for value in ["42", "43"] {
        let mut worker = Worker::start(&[]);
        let end = worker.cell("k", KernelMemory::Attached, "x += 1\nx", &join(&objects));
        assert_eq!(end.value.unwrap(), value);
        if end.after.is_none() {
            objects.clear();
        }
        objects.push(end.checkpoint.unwrap());
    }
}

#[test]
fn an_isolated_run_keeps_nothing() {
    let mut worker = Worker::start(&[]);
    worker.run("run_1", None, "x = 1\nx", &[]);
    let (run, end) = worker.end();
    assert_eq!((run.as_str(), end.value.as_deref(), end.checkpoint), ("run_1", Some("1"), None));
}

#[test]
fn a_run_that_asks_is_answered_until_it_is_told_that_nobody_answers() {
    let mut worker = Worker::start(&[]);
    let code = "line = input()\ntry: input()\nexcept EOFError as end: line += f' {end}'\nline";
    worker.run_asking("run_1", code);
    for text in [Some("a".to_owned()), None] {
        while !matches!(
            worker.hear().unwrap().0,
            FromWorker::Event {
                kind: EventKind::Input,
                ..
            }
        ) {}
        let run = "run_1".to_owned();
        worker.say(&ToWorker::Input { run, text, waited_us: 7 }, &[]);
    }
    assert_eq!(worker.end().1.value.as_deref(), Some("'a nobody answered'"));
}

#[test]
fn a_kernel_that_is_not_alive_is_missing_and_bytes_that_are_no_checkpoint_are_unreadable() {
    let mut worker = Worker::start(&[]);
    worker.run("run_1", Some(("k", KernelMemory::Alive)), "1", &[]);
    assert_eq!(worker.hear().unwrap().0, FromWorker::Missing { run: "run_1".to_owned() });
    worker.run("run_2", Some(("k", KernelMemory::Attached)), "1", b"pickle");
    assert!(matches!(worker.hear().unwrap().0, FromWorker::Unreadable { run, .. } if run == "run_2"));
    worker.cell("k", KernelMemory::Empty, "1", &[]);
    worker.say(&ToWorker::Forget { kernel: "k".to_owned() }, &[]);
    worker.run("run_3", Some(("k", KernelMemory::Alive)), "1", &[]);
    assert_eq!(worker.hear().unwrap().0, FromWorker::Missing { run: "run_3".to_owned() });
}

#[test]
fn runs_of_one_kernel_are_done_in_order_and_others_do_not_wait_for_them() {
    let mut worker = Worker::start(&[]);
    worker.cell("slow", KernelMemory::Empty, "order = []", &[]);
    worker.run("run_forever", Some(("busy", KernelMemory::Empty)), "while True: pass", &[]);
    for number in 0..10 {
        worker.run(
            &format!("run_{number}"),
            Some(("slow", KernelMemory::Alive)),
            &format!("order.append({number})\norder"),
            &[],
        );
    }
    for number in 0..10 {
        let (run, end) = worker.end();
        assert_eq!(run, format!("run_{number}"));
        assert_eq!(end.value.unwrap(), format!("{:?}", (0..=number).collect::<Vec<_>>()));
    }
    worker.say(
        &ToWorker::Cancel {
            run: "run_forever".to_owned(),
        },
        &[],
    );
    let (run, end) = worker.end();
    assert_eq!((run.as_str(), end.outcome.status), ("run_forever", Status::Cancelled));
    assert!(end.checkpoint.is_some(), "what an interrupted cell did is kept");
}

#[test]
fn a_run_that_waits_is_cancelled_without_beginning() {
    let mut worker = Worker::start(&[]);
    worker.run("run_1", Some(("k", KernelMemory::Empty)), "x = 1\nwhile x: pass", &[]);
    worker.run("run_2", Some(("k", KernelMemory::Empty)), "print('never')", &[]);
    for run in ["run_2", "run_1", "run_unknown"] {
        worker.say(&ToWorker::Cancel { run: run.to_owned() }, &[]);
    }
    for expected in ["run_1", "run_2"] {
        let (run, end) = worker.end();
        assert_eq!((run.as_str(), end.outcome.status), (expected, Status::Cancelled));
    }
}

#[test]
fn it_ends_with_its_stdin_even_while_guests_run() {
    let mut worker = Worker::start(&[]);
    for number in 0..8 {
        worker.run(&format!("run_{number}"), None, "while True: pass", &[]);
    }
    let (status, errors) = worker.wait();
    assert!(status.success(), "{errors}");
}

#[test]
fn garbage_on_stdin_ends_it_with_one_line_that_says_so() {
    for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xFF; 64], b"\x02\0\0\0\0\0\0\0{}", b"\x02\0"] {
        let mut worker = Worker::start(&[]);
        worker.input.as_mut().unwrap().write_all(garbage).unwrap();
        let (status, errors) = worker.wait();
        assert_eq!(status.code(), Some(1), "{garbage:?}");
        assert!(errors.lines().count() == 1 && errors.contains("is not understood"), "{errors}");
    }
}

#[test]
fn without_an_image_it_says_what_to_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_selvedge-sandbox-worker"))
        .args(["--image", "/nonexistent"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("build the images with"));
}

#[test]
fn a_kernel_has_one_language_and_a_worker_several() {
    let images = image().parent().unwrap().to_owned();
    let mut worker = Worker::with_images(&images, &[]);
    let javascript = |worker: &mut Worker, kernel, memory, code: &str, objects: &[u8]| {
        worker.run_as("javascript", None, "run_js", Some((kernel, memory)), code, objects);
        worker.end().1
    };
    let error = |end: End| end.outcome.error.unwrap();
    let first = javascript(&mut worker, "js", KernelMemory::Empty, "let x = 40", &[]);
    let mut objects = vec![first.checkpoint.unwrap()];
    worker.cell("py", KernelMemory::Empty, "x = 1", &[]);
    // Alive, with nothing lost by the mistake.
    let refused = error(worker.cell("js", KernelMemory::Alive, "x", &[]));
    assert!(
        refused.kind == "KernelLanguage" && refused.message.contains("runs javascript"),
        "{refused:?}"
    );
    assert_eq!(
        error(javascript(&mut worker, "py", KernelMemory::Alive, "1", &[])).kind,
        "KernelLanguage"
    );
    let second = javascript(&mut worker, "js", KernelMemory::Alive, "x += 1; let y = 1; x", &[]);
    assert_eq!(second.value.as_deref(), Some("41"));
    objects.push(second.checkpoint.unwrap());
    worker.wait();
    // Woken elsewhere.
    let mut worker = Worker::with_images(&images, &[]);
    assert_eq!(
        error(worker.cell("js", KernelMemory::Attached, "x", &join(&objects))).kind,
        "KernelLanguage"
    );
    let woken = javascript(&mut worker, "js", KernelMemory::Attached, "x + y", &join(&objects));
    assert_eq!(woken.value.as_deref(), Some("42"));
    worker.run_as("cobol", None, "run_cobol", None, "1", &[]);
    assert_eq!(error(worker.end().1).kind, "LanguageMissing");
}

/// The image once more, under another hash and with packages to its name.
fn environment_beside_the_image() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let hash = "e".repeat(64);
    for name in ["plain", "packages"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        for file in ["image.cwasm", "memory.img", "manifest.json"] {
            fs::copy(image().join(file), folder.path().join(name).join(file)).unwrap();
        }
    }
    let path = folder.path().join("packages/manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["module"] = hash.as_str().into();
    manifest["packages"] = serde_json::json!(["toy==1.0"]);
    fs::write(&path, manifest.to_string()).unwrap();
    (folder, hash)
}

#[test]
fn a_kernel_stays_in_the_environment_that_it_began_in() {
    let (images, hash) = environment_beside_the_image();
    let mut worker = Worker::with_images(images.path(), &[]);
    let error = |end: End| end.outcome.error.unwrap().kind;
    worker.run_in(Some(&hash), "run_1", Some(("k", KernelMemory::Empty)), "x = 1", &[]);
    let checkpoint = worker.end().1.checkpoint.unwrap();
    // Alive, and woken from what was kept.
    for (memory, objects) in [(KernelMemory::Alive, vec![]), (KernelMemory::Attached, join(&[checkpoint]))] {
        worker.run("run_2", Some(("k", memory)), "x", &objects);
        assert_eq!(error(worker.end().1), "KernelEnvironment");
        worker.run_in(Some(&hash), "run_3", Some(("k", memory)), "x", &objects);
        assert_eq!(worker.end().1.value.unwrap(), "1");
    }
    worker.run_in(Some(&"d".repeat(64)), "run_4", None, "1", &[]);
    assert_eq!(error(worker.end().1), "EnvironmentMissing");
    worker.run("run_5", None, "1", &[]);
    assert_eq!(worker.end().1.value.unwrap(), "1");
}
