//! Kernels keep their variables: between cells, over failures, over restarts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use selvedge_protocol::{Seal, Status};

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

/// Puts a file into a kernel's folder that looks as if it had been kept there.
fn plant(data: &Path, kernel: &str, name: &str, bytes: &[u8]) -> PathBuf {
    let folder = data.join("kernels").join(kernel);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    drop(fs::remove_file(&file));
    fs::write(&file, bytes).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    file
}

#[tokio::test]
async fn a_damaged_checkpoint_fails_one_run_is_kept_aside_and_the_kernel_starts_empty() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), Some(&kernel), "x = 41").await;
    node.stop().await;
    let mut bytes = fs::read(data.path().join("kernels").join(&kernel).join("1")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let file = plant(data.path(), &kernel, "1", &bytes);

    let node = Node::start(&edge, data.path()).await;
    let told = node.cell(&edge, &run(2), Some(&kernel), "x").await;
    assert_eq!(
        (told.outcome.as_ref().unwrap().status, told.error().as_str()),
        (Status::Failed, "KernelUnreadable")
    );
    assert_eq!(fs::read(file).unwrap(), bytes);
    assert_eq!(node.cell(&edge, &run(3), Some(&kernel), "x").await.error(), "NameError");
}

#[tokio::test]
async fn a_file_that_is_whole_but_no_checkpoint_is_treated_as_a_damaged_one() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    plant(
        data.path(),
        &kernel,
        "1",
        &[blake3::hash(b"pickle").as_bytes(), &b"pickle"[..]].concat(),
    );
    let node = Node::start(&edge, data.path()).await;
    assert_eq!(node.cell(&edge, &run(1), Some(&kernel), "1").await.error(), "KernelUnreadable");
    assert_eq!(node.cell(&edge, &run(2), Some(&kernel), "1").await.value().unwrap(), "1");
}

#[tokio::test]
async fn what_another_version_kept_is_refused_and_left_alone() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let file = plant(data.path(), &kernel, &format!("7-{}", blake3::hash(b"old")), b"old");
    let node = Node::start(&edge, data.path()).await;
    for number in 0..2 {
        let told = node.cell(&edge, &run(number), Some(&kernel), "1").await;
        assert_eq!(told.error(), "KernelUnreadable");
    }
    assert_eq!(fs::read(file).unwrap(), b"old");
}

#[tokio::test]
async fn a_kernel_opens_with_its_own_projects_key_only() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let node = Node::start(&edge, data.path()).await;
    node.cell(&edge, &run(1), Some(&kernel), "secret = 'canary of the first project'")
        .await;
    let kept = fs::read(data.path().join("kernels").join(&kernel).join("1")).unwrap();
    assert!(!kept.windows(6).any(|window| window == b"canary"));
    node.stop().await;

    let node = Node::start(&edge, data.path()).await;
    let mut order = edge.order(&run(2), Some(&kernel), "secret");
    order.seal = Seal::from_hex("66".repeat(32));
    node.place(&edge, &order).await;
    assert_eq!(edge.ended(&run(2)).await.error(), "KernelUnreadable");
}

#[tokio::test]
async fn a_kernel_that_has_run_many_cells_wakes_with_all_that_they_did() {
    let (edge, data) = (Edge::start().await, tempfile::tempdir().unwrap());
    let kernel = kernel(1);
    let node = Node::start_with(&edge, data.path(), &["--kernels", "1"]).await;
    node.cell(&edge, &run(100), Some(&kernel), "x = []").await;
    for number in 0..40 {
        if number % 7 == 0 {
            // Another one takes its place, so it has to be woken.
            node.cell(&edge, &run(200 + number), Some(&crate::node::kernel(2)), "1").await;
        }
        let told = node
            .cell(&edge, &run(number), Some(&kernel), "x.append(len(x)); x == list(range(len(x)))")
            .await;
        assert_eq!(told.value().unwrap(), "True");
    }
    assert_eq!(node.cell(&edge, &run(300), Some(&kernel), "len(x)").await.value().unwrap(), "40");
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
