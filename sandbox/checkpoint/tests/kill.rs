//! A process that is killed in the middle of writing loses nothing that it acknowledged.
#![cfg(test)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use selvedge_checkpoint::{KernelId, Local, ProjectKey, Retention, Store};

const FOLDER: &str = "SELVEDGE_TEST_KILLED_WRITER";
const KILLS: usize = 40;

fn store(folder: &Path) -> (Store, KernelId, ProjectKey) {
    let disk = Local::open(folder.to_owned()).unwrap();
    let kernel = format!("krn_{}", "1".repeat(32)).parse().unwrap();
    (
        Store::new(Box::new(disk), Retention { states: 5, grace_ms: 0 }, || 1),
        kernel,
        ProjectKey::new([1; 32]),
    )
}

/// What object `number` holds: of many sizes, so that the kill finds every step of writing.
fn object(number: u64) -> Vec<u8> {
    let len = usize::try_from(number * 7919 % 300_000).unwrap();
    number.to_le_bytes().into_iter().cycle().take(8 + len).collect()
}

/// Not a test: the process that is killed. Says each number when it is on disk.
#[test]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let (store, kernel, key) = store(Path::new(&folder));
    let mut out = std::io::stdout();
    loop {
        let newest = store.newest(kernel).unwrap();
        let next = newest.unwrap_or(0) + 1;
        let after = newest.filter(|_| next % 4 > 0);
        store.append(kernel, &key, after, &object(next)).unwrap();
        writeln!(out, "kept {next}").unwrap();
        store.collect(kernel).unwrap();
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writer", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let kept = lines
            .map_while(Result::ok)
            .filter_map(|line| Some(line.rsplit_once("kept ")?.1.parse::<u64>().unwrap()));
        let mut kept = kept.inspect(|number| acknowledged = *number);
        let _ = kept.nth(kill % 7);
        child.kill().unwrap();
        child.wait().unwrap();
        // What it still said before it died counts as well.
        kept.for_each(drop);

        let (store, kernel, key) = store(folder.path());
        let found = store.read(kernel, &key).unwrap();
        // The kill may have come between the disk and the word.
        assert!(
            (acknowledged..=acknowledged + 1).contains(&found.number),
            "{} after {acknowledged}",
            found.number
        );
        assert_eq!(found.objects.last(), Some(&object(found.number)));
        for moment in store.history(kernel).unwrap() {
            store.read_at(kernel, &key, moment.number).unwrap();
        }
        acknowledged = found.number;
    }
    assert!(acknowledged > KILLS as u64);
}
