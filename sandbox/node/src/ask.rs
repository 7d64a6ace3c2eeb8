//! Questions about a kernel's state: what completes this, what is that, which variables are there.
//!
//! A copy of the kernel answers. A kernel that is busy, or asleep, is asked as it was after its last cell, so nobody waits for anybody.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use selvedge_checkpoint::StoreError;
use selvedge_protocol::ask::{Ask, AskReply, Question};
use selvedge_protocol::worker::KernelMemory;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::admission::Fault;
use crate::answer::{self, Answer};
use crate::kernels::Owned;
use crate::log;
use crate::run::Workshop;

/// Questions that are being answered at the same time.
pub(crate) const AT_ONCE: usize = 16;
/// How long a question waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a worker may take: more than it grants the guest.
const ANSWER_PATIENCE: Duration = Duration::from_secs(5);

/// Why there is no answer. The kernel is as it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// Too many others ask.
    Busy,
    /// No worker answered.
    Lost,
    /// The store does not answer.
    Away,
    /// The kernel's checkpoint cannot be read, and why.
    Unreadable(String),
    /// The guest has no answer to this.
    NotUnderstood,
    /// It took too much fuel, time or memory.
    TooMuch,
}

impl Workshop {
    /// The answer to a question about a kernel, in JSON.
    pub(crate) async fn ask(&self, kernel: &str, question: Question) -> Result<Value, Unanswered> {
        let turn = timeout(PATIENCE, self.asking.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(Unanswered::Busy) };
        let seat = self.guests.place_for(question.cordon, &question.project, Some(kernel)).await;
        let seat = seat.ok_or(Unanswered::Lost)?;
        let owned = Owned::new(kernel, &question.seal).ok_or(Unanswered::Lost)?;
        let unreadable = |error: StoreError| match error {
            StoreError::Failed(error) => {
                log::warn("a kernel that was asked cannot be fetched", json!({ "error": error.to_string() }));
                Unanswered::Away
            }
            error => Unanswered::Unreadable(error.to_string()),
        };
        let newest = self.kernels.newest(&owned).await.map_err(unreadable)?;
        let mut ask = Ask {
            ask: String::new(),
            kernel: kernel.to_owned(),
            memory: if newest.is_some() {
                KernelMemory::Alive
            } else {
                KernelMemory::Empty
            },
            question: question.question,
        };
        let put = async |ask: Ask, checkpoint: Bytes| match timeout(ANSWER_PATIENCE, seat.guest().ask(ask, newest.unwrap_or(0), checkpoint))
            .await
        {
            Ok(Some(reply)) => Ok(reply),
            Ok(None) | Err(_) => Err(Unanswered::Lost),
        };
        let mut reply = put(ask.clone(), Bytes::new()).await?;
        if let Some(newest) = newest.filter(|_| reply == AskReply::Missing) {
            ask.memory = KernelMemory::Attached;
            let objects = self.kernels.load(&owned, newest).await.map_err(unreadable)?;
            reply = put(ask, objects).await?;
        }
        match reply {
            AskReply::Answer(answer) => Ok(answer),
            AskReply::Missing => Err(Unanswered::Lost),
            AskReply::Unreadable(why) => Err(Unanswered::Unreadable(why)),
            AskReply::NotUnderstood => Err(Unanswered::NotUnderstood),
            AskReply::TooMuch => Err(Unanswered::TooMuch),
            AskReply::Full => Err(Unanswered::Busy),
        }
    }
}

/// The question in this body.
pub(crate) fn parse(body: &[u8]) -> Result<Question, Fault> {
    let refused = |message: String| Fault {
        code: "ask.malformed",
        message,
        field: None,
    };
    let question: Question = serde_json::from_slice(body).map_err(|error| refused(format!("The question cannot be read: {error}.")))?;
    match &question.question {
        Value::Object(named) if named.len() == 1 => Ok(question),
        _ => Err(refused("A question is an object with one key, its name.".to_owned())),
    }
}

impl From<Unanswered> for Answer {
    fn from(why: Unanswered) -> Self {
        let error = |status, code, message| answer::error(status, code, message, None);
        match why {
            Unanswered::Busy => error(
                StatusCode::TOO_MANY_REQUESTS,
                "ask.busy",
                "This node answers as many questions as it can. Ask again in a moment.",
            ),
            Unanswered::Lost => error(
                StatusCode::SERVICE_UNAVAILABLE,
                "ask.lost",
                "The process that was asked did not answer. Nothing was changed; ask again.",
            ),
            Unanswered::Away => error(
                StatusCode::SERVICE_UNAVAILABLE,
                "ask.away",
                "The kernel's memory cannot be fetched at the moment. Nothing was changed; ask again.",
            ),
            Unanswered::Unreadable(why) => {
                log::warn("a kernel that was asked cannot be read", json!({ "error": why }));
                error(
                    StatusCode::CONFLICT,
                    "ask.unreadable",
                    "The kernel's memory cannot be read. Its next run says more, and what can be done.",
                )
            }
            Unanswered::NotUnderstood => error(
                StatusCode::BAD_REQUEST,
                "ask.unknown",
                "This kernel does not know such a question; see docs/node-protocol.md.",
            ),
            Unanswered::TooMuch => error(
                StatusCode::UNPROCESSABLE_ENTITY,
                "ask.too_much",
                "Answering takes more than a question may cost. Nothing was changed.",
            ),
        }
    }
}
