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

    /// From the live kernel. It is busy meanwhile; a cell that comes waits, no longer than a question may take.
    async fn answer_from_idle(self: Arc<Self>, kernel: &str, question: &Value) -> AskReply {
        let borrowed = self.kernels().borrow(kernel);
        let Some(mut live) = borrowed else { return AskReply::Missing };
        let reply = put(&mut live, question).await;
        let (next, gone) = self.kernels().end(kernel, Some(live));
        drop(gone);
        if let Some((job, live)) = next {
            let kernel = kernel.to_owned();
            tokio::spawn(async move { self.work_in(&kernel, job, live).await });
        }
        reply
    }

    /// From a kernel that is made for this question and never runs a cell: by the time it is there, its checkpoint may not be the newest.
    async fn answer_from_kept(&self, memory: KernelMemory, checkpoint: Vec<u8>, question: &Value) -> AskReply {
        match self.bench().kernel(Some(memory), checkpoint, None).await {
            Ok(mut kernel) => put(&mut kernel, question).await,
            Err(NoKernel::Missing) => AskReply::Missing,
            Err(NoKernel::Unreadable(message)) => AskReply::Unreadable(message),
            Err(NoKernel::Broken(_)) => AskReply::Full,
        }
    }
}

async fn put(kernel: &mut Kernel, question: &Value) -> AskReply {
    match kernel.ask(question, AskLimits::default()).await {
        Ok(answer) => AskReply::Answer(answer),
        Err(AskError::Unusable) => AskReply::Missing,
        Err(AskError::Full) => AskReply::Full,
        Err(AskError::TooMuch) => AskReply::TooMuch,
        Err(AskError::NotUnderstood) => AskReply::NotUnderstood,
    }
}
