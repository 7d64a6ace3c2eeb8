//! Asking a node about a kernel: its checkpoints, and questions that a copy of it answers.

use selvedge_ports::shapes::{Kernel, Run};
use selvedge_ports::{Error, ErrorKind, HttpRequest, HttpResponse, Result};
use selvedge_protocol::kernels::{Diff, Difference, Export, Fork, History, Name, OfProject, Rewind};
use selvedge_protocol::{Cordon, Seal, ask::Question};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ticket;
use crate::Platform;

/// What a kernel was and is.
pub async fn history(platform: &Platform, kernel: &Kernel) -> Result<History> {
    let body = of_project(kernel);
    read(&post(platform, kernel, "history", &body).await?)
}

/// Make a kernel what it was at a checkpoint; 0: empty.
pub async fn rewind(platform: &Platform, kernel: &Kernel, number: u64) -> Result<()> {
    if number == 0 {
        return post(platform, kernel, "restart", &of_project(kernel)).await.map(drop);
    }
    let body = Rewind {
        project: kernel.project.clone(),
        seal: seal(kernel),
        number,
    };
    post(platform, kernel, "rewind", &body).await.map(drop)
}

/// Begin another kernel of the same project with what this one was at a checkpoint, or is.
pub async fn fork(platform: &Platform, kernel: &Kernel, number: Option<u64>, into: &str) -> Result<()> {
    let body = Fork {
        project: kernel.project.clone(),
        seal: seal(kernel),
        number,
        kernels: vec![into.to_owned()],
    };
    post(platform, kernel, "fork", &body).await.map(drop)
}

/// Give a checkpoint a name, or take it away again.
pub async fn name(platform: &Platform, kernel: &Kernel, number: u64, name: &str, keep: bool) -> Result<()> {
    let body = Name {
        project: kernel.project.clone(),
        seal: seal(kernel),
        number,
        name: name.to_owned(),
        keep,
    };
    post(platform, kernel, "name", &body).await.map(drop)
}

/// How checkpoint `b` differs from checkpoint `a`.
pub async fn diff(platform: &Platform, kernel: &Kernel, a: u64, b: u64) -> Result<Difference> {
    let body = Diff {
        project: kernel.project.clone(),
        seal: seal(kernel),
        a,
        b,
    };
    read(&post(platform, kernel, "diff", &body).await?)
}

/// The kernel as one file of at most so many bytes, which its own project alone can open.
pub async fn export(platform: &Platform, kernel: &Kernel, most: u64) -> Result<Vec<u8>> {
    let body = Export {
        project: kernel.project.clone(),
        seal: seal(kernel),
        most: Some(most),
    };
    post(platform, kernel, "export", &body).await
}

/// Nobody comes back to this kernel.
pub async fn remove(platform: &Platform, kernel: &Kernel) -> Result<()> {
    post(platform, kernel, "remove", &of_project(kernel)).await.map(drop)
}

/// Begin an empty kernel with an exported file.
pub async fn import(platform: &Platform, kernel: &Kernel, file: &[u8]) -> Result<()> {
    let mut body = encoded(&of_project(kernel))?;
    body.push(b'\n');
    body.extend_from_slice(file);
    let done = send(platform, &kernel.id, &format!("kernels/{}", kernel.id), "import", body).await;
    // What cannot be read is the file: another project's, most of the time.
    done.map(drop).map_err(|error| {
        if error.code == "kernel.unreadable" {
            not_an_export()
        } else {
            error
        }
    })
}

/// What a copy of the kernel answers to a question.
pub async fn ask(platform: &Platform, kernel: &Kernel, cordon: Cordon, question: Value) -> Result<Value> {
    let body = Question {
        project: kernel.project.clone(),
        seal: seal(kernel),
        cordon,
        question,
    };
    read(&post(platform, kernel, "ask", &body).await?)
}

/// A line for a run that asks for one.
pub async fn input(platform: &Platform, run: &Run, text: &str) -> Result<()> {
    let body = encoded(&json!({ "text": text }))?;
    send(platform, &run.id, &format!("runs/{}", run.id), "input", body).await.map(drop)
}

fn of_project(kernel: &Kernel) -> OfProject {
    OfProject {
        project: kernel.project.clone(),
        seal: seal(kernel),
    }
}

fn seal(kernel: &Kernel) -> Seal {
    Seal::from_hex(kernel.seal.clone())
}

async fn post<T: Serialize + Sync>(platform: &Platform, kernel: &Kernel, action: &str, body: &T) -> Result<Vec<u8>> {
    send(platform, &kernel.id, &format!("kernels/{}", kernel.id), action, encoded(body)?).await
}

async fn send(platform: &Platform, subject: &str, path: &str, action: &str, body: Vec<u8>) -> Result<Vec<u8>> {
    let Some(node) = platform.config.node_url.as_deref() else {
        return Err(node_away());
    };
    let ticket = ticket(platform, subject, action, &body).await?;
    let asked = platform
        .http
        .send(HttpRequest {
            method: "POST".to_owned(),
            url: format!("{node}/v1/{path}/{action}"),
            headers: vec![
                ("authorization".to_owned(), format!("Bearer {ticket}")),
                ("content-type".to_owned(), "application/json".to_owned()),
            ],
            body,
        })
        .await;
    match asked {
        Ok(HttpResponse { status: 200..=299, body }) => Ok(body),
        Ok(HttpResponse { status, body }) => {
            let error = refusal(status, &body);
            if matches!(error.kind, ErrorKind::Unavailable) {
                log(platform, subject, action, &status.to_string());
            }
            Err(error)
        }
        Err(error) => {
            log(platform, subject, action, &error.0);
            Err(node_away())
        }
    }
}

fn log(platform: &Platform, subject: &str, action: &str, why: &str) {
    platform
        .log
        .event("node.no_answer", &[("about", subject), ("action", action), ("why", why)]);
}

fn encoded(body: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(body).map_err(|error| Error::internal("kernel.request", error.to_string()))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| Error::internal("kernel.answer", error.to_string()))
}

/// A node's refusal.
#[derive(Deserialize)]
struct Refusal {
    error: Named,
}

#[derive(Deserialize)]
struct Named {
    code: String,
}

/// A node's refusal in the words of this API.
fn refusal(status: u16, body: &[u8]) -> Error {
    let code = serde_json::from_slice(body).map_or_else(|_| String::new(), |Refusal { error }| error.code);
    let conflict = ErrorKind::Conflict;
    match code.as_str() {
        "kernel.nothing" => Error::new(
            conflict,
            "kernel.nothing",
            "The kernel is empty: nothing has run in it yet, or it was restarted. Run a cell first, or rewind to a checkpoint.",
        ),
        "kernel.no_such_checkpoint" => Error::invalid(
            "number",
            "kernel.no_such_checkpoint",
            "The kernel has no such checkpoint, or it is not kept any more. Nothing was changed; the list of checkpoints says which there are.",
        ),
        "kernel.busy" => Error::new(
            conflict,
            "kernel.busy",
            "A cell runs in this kernel. Nothing was changed; stop it, or try again when it has ended.",
        ),
        "kernel.elsewhere" => Error::new(
            conflict,
            "kernel.elsewhere",
            "The kernel has just gone on at another node. Nothing was changed here; try again.",
        ),
        "kernel.unreadable" | "ask.unreadable" => Error::new(
            conflict,
            "kernel.unreadable",
            "The kernel's memory cannot be read at this checkpoint. Nothing was changed; rewind to an earlier one, or restart the kernel.",
        ),
        "kernel.exists" => Error::new(
            conflict,
            "kernel.not_empty",
            "The kernel holds something already. Nothing was changed; restart it first, or import into a new notebook.",
        ),
        "kernel.not_an_export" => not_an_export(),
        "kernel.too_large" => Error::new(
            conflict,
            "kernel.too_large",
            "The kernel's file would have more than 16 MiB. Remove variables and files that can be made again, and try again.",
        ),
        "kernel.name" => Error::invalid(
            "name",
            "kernel.checkpoint_name",
            "A checkpoint's name has 1 to 100 bytes. Nothing was changed.",
        ),
        "ask.busy" => Error {
            retry_after_ms: Some(1_000),
            ..Error::new(
                ErrorKind::RateLimited,
                "kernel.questions_busy",
                "The kernel's node answers as many questions as it can. Ask again in a moment.",
            )
        },
        "ask.unknown" => Error::new(
            ErrorKind::Invalid,
            "kernel.question_unknown",
            "This kernel's language has no answer to such a question. Nothing was changed.",
        ),
        "ask.too_much" => Error::new(
            ErrorKind::Invalid,
            "kernel.question_too_costly",
            "Answering takes more than a question may cost. Nothing was changed; run it as a cell.",
        ),
        "input.nobody_asks" => Error::new(
            conflict,
            "run.not_interactive",
            "This run was started without anybody to answer it, so it takes no lines. Start it with `interactive`.",
        ),
        "input.full" => Error {
            retry_after_ms: Some(1_000),
            ..Error::new(
                ErrorKind::RateLimited,
                "run.input_full",
                "64 lines wait for this run already. Send more when it has read them.",
            )
        },
        "run.unknown" => super::ended(),
        _ if status == 429 || status >= 500 => node_away(),
        _ => Error::internal("kernel.refused", format!("the node answered {status} {code}")),
    }
}

pub(crate) fn not_an_export() -> Error {
    Error::invalid(
        "body",
        "kernel.not_an_export",
        "The file is no exported kernel of this project, or it was cut off or altered. Nothing was changed.",
    )
}

fn node_away() -> Error {
    Error {
        retry_after_ms: Some(2_000),
        ..Error::new(
            ErrorKind::Unavailable,
            "kernel.node_away",
            "The node that keeps this kernel cannot be reached. Try again in a moment.",
        )
    }
}
