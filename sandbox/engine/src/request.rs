use crate::cell::CellRequest;

/// What is handed to the guest: fields of text, each behind its length; the first says what to do. `sandbox/guest-python` takes it apart.
pub(crate) struct Request(Vec<u8>);

impl Request {
    /// Draw new randomness if this is a new instance, and do the same work for nothing if it is not.
    pub(crate) fn renew(new_instance: bool) -> Self {
        Self(Vec::with_capacity(16))
            .field("renew")
            .field(if new_instance { "1" } else { "0" })
    }

    /// Run a cell.
    pub(crate) fn run(cell: &CellRequest) -> Self {
        let stdin = cell.stdin.as_deref().unwrap_or_default();
        let bytes = Vec::with_capacity(32 + cell.label.len() + cell.code.len() + stdin.len());
        let interactive = if cell.answers.is_some() { "1" } else { "0" };
        Self(bytes)
            .field("run")
            .field(&cell.label)
            .field(&cell.code)
            .field(stdin)
            .field(interactive)
    }

    /// Answer a question about the kernel's state.
    pub(crate) fn ask(question: &str) -> Self {
        Self(Vec::with_capacity(16 + question.len())).field("ask").field(question)
    }

    fn field(mut self, text: &str) -> Self {
        // Longer than the guest's address space could never be handed over.
        self.0
            .extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
