use crate::certified::{Certified, CertifyError, hash};
use selvedge_engine::{CancelToken, CellRequest, Checkpoint, Engine, EventKind, Kernel, Limits, RestoreError};
use selvedge_protocol::Receipt;
use serde_json::Value;

/// What a receipt is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The source.
    pub code: String,
    /// Standard input.
    pub stdin: Option<String>,
    /// The kernel's state before; none for a fresh one.
    pub start: Option<Checkpoint>,
}

/// Why a receipt does not hold, or could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum Refuted {
    /// It is of another form.
    #[error("this receipt has version {0}, this program checks version {ours}", ours = Receipt::VERSION)]
    Version(u32),
    /// It is about something else.
    #[error("the {what} is not the receipt's: it has {expected}, this is {found}")]
    Other {
        /// What of it.
        what: &'static str,
        /// In the receipt.
        expected: String,
        /// Here.
        found: String,
    },
    /// Run again, it came out differently.
    #[error("run again, the {what} came out as {found}; the receipt says {claimed}")]
    Differs {
        /// What of it.
        what: &'static str,
        /// In the receipt.
        claimed: String,
        /// This time.
        found: String,
    },
    /// It did not come to an end this time.
    #[error("run again, it was ended by the wall-time limit of {0} ms; allow more time")]
    TooSlow(u64),
    /// It cannot be run here.
    #[error(transparent)]
    Certify(#[from] CertifyError),
    /// Its start cannot be restored.
    #[error(transparent)]
    Restore(#[from] RestoreError),
}

/// Is this what the receipt is about?
///
/// # Errors
/// `Version`, `Other`.
pub fn about(receipt: &Receipt, code: &str, stdin: Option<&str>) -> Result<(), Refuted> {
    if receipt.version != Receipt::VERSION {
        return Err(Refuted::Version(receipt.version));
    }
    same("code", &receipt.code, &hash(code.as_bytes()))?;
    same("standard input", &receipt.stdin, &hash(stdin.unwrap_or_default().as_bytes()))
}

/// Did it come out as the receipt says? `again` is the receipt of the run that was made to find out.
///
/// # Errors
/// `Other`, `Differs`.
pub fn compare(receipt: &Receipt, again: &Receipt) -> Result<(), Refuted> {
    same("image", &receipt.image, &again.image)?;
    same("start", shown(receipt.start.as_ref()), shown(again.start.as_ref()))?;
    for (what, claimed, found) in [
        ("fuel", receipt.fuel.to_string(), again.fuel.to_string()),
        ("status", format!("{:?}", receipt.status), format!("{:?}", again.status)),
        ("output", receipt.output.clone(), again.output.clone()),
        (
            "state",
            shown(receipt.end.as_ref()).to_owned(),
            shown(again.end.as_ref()).to_owned(),
        ),
    ] {
        if claimed != found {
            return Err(Refuted::Differs { what, claimed, found });
        }
    }
    Ok(())
}

/// Runs `subject` again and compares. `wall_ms` is how long it may take here.
///
/// # Errors
/// See [`Refuted`].
pub async fn verify(engine: &Engine, receipt: &Receipt, subject: &Subject, wall_ms: u64) -> Result<(), Refuted> {
    about(receipt, &subject.code, subject.stdin.as_deref())?;
    same("image", &receipt.image, engine.image().hash())?;
    let start = subject.start.as_ref().map(|start| hex::encode(start.digest(engine)));
    same("start", shown(receipt.start.as_ref()), shown(start.as_ref()))?;
    compare(receipt, &again(engine, receipt, subject, wall_ms).await?)
}

fn same(what: &'static str, expected: &str, found: &str) -> Result<(), Refuted> {
    if expected == found {
        return Ok(());
    }
    Err(Refuted::Other {
        what,
        expected: expected.to_owned(),
        found: found.to_owned(),
    })
}

async fn again(engine: &Engine, receipt: &Receipt, subject: &Subject, wall_ms: u64) -> Result<Receipt, Refuted> {
    // The determined world replaces this randomness before anything runs.
    let mut kernel: Kernel = match &subject.start {
        Some(start) => engine.restore(start, [0; 32]).await?,
        None => engine.start([0; 32]).await.map_err(RestoreError::from)?,
    };
    let limits = Limits { wall_ms, ..receipt.limits };
    let certified = Certified {
        engine,
        run: &receipt.run,
        start: subject.start.as_ref(),
        world: &receipt.world,
        limits: &limits,
    };
    let cell = CellRequest {
        label: receipt.label.clone(),
        code: subject.code.clone(),
        stdin: subject.stdin.clone(),
        ..CellRequest::default()
    };
    let mut nowhere = |_: EventKind, _: Value| {};
    let (_, again) = certified.run(&mut kernel, cell, &mut nowhere, &CancelToken::new()).await?;
    again.ok_or(Refuted::TooSlow(wall_ms))
}

fn shown(hash: Option<&String>) -> &str {
    hash.map_or("none", String::as_str)
}
