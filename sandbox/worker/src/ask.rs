//! Answers questions about kernels, without being in the way of their cells.

use std::sync::Arc;

use selvedge_engine::{AskError, AskLimits, Kernel};
use selvedge_protocol::ask::{Ask, AskReply};
use selvedge_protocol::worker::{FromWorker, KernelMemory};
use serde_json::Value;

use crate::bench::NoKernel;
use crate::floor::Floor;

impl Floor {
    /// Answer, and say so.
    pub(crate) async fn answer(self: Arc<Self>, ask: Ask, checkpoint: Vec<u8>) {
        let Ask {
            ask,
            kernel,
            memory,
            question,
        } = ask;
        let reply = match memory {
            KernelMemory::Alive => self.clone().answer_from_idle(&kernel, &question).await,
            KernelMemory::Empty | KernelMemory::Attached => self.answer_from_kept(memory, checkpoint, &question).await,
        };
        self.bench().words.say(&FromWorker::Answered { ask, reply });
    }

    /// From a copy of the live kernel, which is busy only until there is one.
    async fn answer_from_idle(self: Arc<Self>, kernel: &str, question: &Value) -> AskReply {
        let borrowed = self.kernels().borrow(kernel);
        let Some(mut live) = borrowed else { return AskReply::Missing };
        // Its randomness is seen by nobody.
        let copy = live.kernel.fork([0; 32]).await;
        let (next, gone) = self.kernels().end(kernel, Some(live));
        drop(gone);
        if let Some((job, live)) = next {
            let (floor, kernel) = (self.clone(), kernel.to_owned());
            tokio::spawn(async move { floor.work_in(&kernel, job, live).await });
        }
        match copy {
            Ok(copy) => put(copy, question).await,
            Err(_) => AskReply::Full,
        }
    }

    /// From a kernel that is made for this question and never runs a cell: by the time it is there, its checkpoint may not be the newest.
    async fn answer_from_kept(&self, memory: KernelMemory, checkpoint: Vec<u8>, question: &Value) -> AskReply {
        match self.bench().kernel(None, Some(memory), 0, checkpoint, None).await {
            Ok(live) => put(live.kernel, question).await,
            Err(NoKernel::Missing) => AskReply::Missing,
            Err(NoKernel::Unreadable(message)) => AskReply::Unreadable(message),
            Err(NoKernel::Broken(_)) => AskReply::Full,
        }
    }
}

async fn put(copy: Kernel, question: &Value) -> AskReply {
    match copy.answer(question, AskLimits::default()).await {
        Ok(answer) => AskReply::Answer(answer),
        Err(AskError::Unusable) => AskReply::Missing,
        Err(AskError::Full) => AskReply::Full,
        Err(AskError::TooMuch) => AskReply::TooMuch,
        Err(AskError::NotUnderstood) => AskReply::NotUnderstood,
    }
}
