//! Kernels keep their variables: between cells, over failures, over restarts.

use std::fs;
use std::path::{Path, PathBuf};

use selvedge_protocol::Status;

use crate::edge::Edge;
use crate::node::{Node, kernel, run};

#[tokio::test]
async fn variables_survive_a_restart_of_everything() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    assert!(node.stop().await.success());
    let node = Node::start(&edge, data.path()).await;
    assert_eq!(node.cell(&edge, &run(2), Some(&kernel), "x + 1").await.value().unwrap(), "42");
}

#[tokio::test]
async fn once_an_outcome_is_reported_the_memory_survives_even_a_kill() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    for number in 0..3_u32 {
        let node = Node::start(&edge, data.path()).await;
        let code = if number == 0 {
            "x = 0".to_owned()
        } else {
            "x += 1; print(x)".to_owned()
        };
        let told = node.cell(&edge, &run(number), Some(&kernel), &code).await;
        node.kill().await;
        assert_eq!(told.stdout(), if number == 0 { String::new() } else { format!("{number}\n") });
    }
}

#[tokio::test]
async fn an_exception_keeps_what_the_cell_did_before_it() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    let told = node.cell(&edge, &run(1), Some(&kernel), "x = 1\n1 / 0").await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::Failed, "ZeroDivisionError")
    );
    assert_eq!(node.cell(&edge, &run(2), Some(&kernel), "x").await.value().unwrap(), "1");
}

#[tokio::test]
async fn more_kernels_than_are_kept_alive_all_keep_their_variables() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start_with(&edge, data.path(), &["--kernels", "2"]).await;
    for number in 0..5 {
        node.cell(&edge, &run(number), Some(&kernel(number)), &format!("x = {number}"))
            .await;
    }
    for number in 0..5 {
        let told = node.cell(&edge, &run(10 + number), Some(&kernel(number)), "x").await;
        assert_eq!(told.value().unwrap(), number.to_string());
    }
}

/// The one file that a kernel has.
fn checkpoint(data: &Path, kernel: &str) -> PathBuf {
    let files: Vec<_> = fs::read_dir(data.join("kernels").join(kernel))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[tokio::test]
async fn a_damaged_checkpoint_fails_one_run_is_kept_aside_and_the_kernel_starts_empty() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    node.stop().await;
    let file = checkpoint(data.path(), &kernel);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();

    let node = Node::start(&edge, data.path()).await;
    let told = node.cell(&edge, &run(2), Some(&kernel), "x").await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::Failed, "KernelUnreadable")
    );
    let aside = file.with_file_name(format!("unreadable-{}", file.file_name().unwrap().to_str().unwrap()));
    assert_eq!(fs::read(aside).unwrap(), bytes);
    assert_eq!(node.cell(&edge, &run(3), Some(&kernel), "x").await.error(), "NameError");
}

#[tokio::test]
async fn a_checkpoint_that_is_whole_but_none_is_treated_as_a_damaged_one() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let folder = data.path().join("kernels").join(&kernel);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("1-{}", blake3::hash(b"pickle"))), b"pickle").unwrap();
    let node = Node::start(&edge, data.path()).await;
    assert_eq!(node.cell(&edge, &run(1), Some(&kernel), "1").await.error(), "KernelUnreadable");
    assert_eq!(node.cell(&edge, &run(2), Some(&kernel), "1").await.value().unwrap(), "1");
}

#[tokio::test]
async fn a_kernel_whose_memory_cannot_be_kept_goes_back_to_what_is_on_disk() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let node = Node::start(&edge, data.path()).await;
    let kernel = kernel(1);
    node.cell(&edge, &run(1), Some(&kernel), "x = 1").await;
    let (kernels, away) = (data.path().join("kernels"), data.path().join("away"));
    fs::rename(&kernels, &away).unwrap();
    let told = node.cell(&edge, &run(2), Some(&kernel), "x = 2; print('ran')").await;
    assert_eq!((told.stdout().as_str(), told.error().as_str()), ("ran\n", "KernelNotKept"));
    fs::rename(&away, &kernels).unwrap();
    assert_eq!(node.cell(&edge, &run(3), Some(&kernel), "x").await.value().unwrap(), "1");
}
