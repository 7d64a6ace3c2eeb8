//! Who may do what: the one table. Every endpoint names its operation, every operation has its row.

use selvedge_ports::shapes::Action;

/// Who may ask for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// The bearer of the report token of this very run.
    Reporter,
    /// Everybody who is signed in or holds a key; the answer is about themselves.
    SignedIn,
    /// A principal whose role in the project suffices for the action. Without any standing there: 404.
    May(Action),
}

/// Everything that can be asked of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described at its endpoint")]
pub enum Operation {
    MakeScratch,
    TryIt,
    RedeemLink,
    SignOut,
    ReadKeySet,
    ReadHealth,
    ReadDocs,
    Report,
    ReadMe,
    CreateProject,
    ListProjects,
    ReadProject,
    SetSettings,
    ReadAccount,
    CreateNotebook,
    ListNotebooks,
    ReadNotebook,
    RemoveNotebook,
    AddCell,
    PutCell,
    RemoveCell,
    RunCell,
    CreateRun,
    ReadRun,
    ReadReceipt,
    ListRuns,
    FollowRun,
    CancelRun,
    AnswerRun,
    ListCheckpoints,
    NameCheckpoint,
    DiffCheckpoints,
    RewindKernel,
    RestartKernel,
    ForkNotebook,
    ExportKernel,
    ImportKernel,
    CompleteCode,
    InspectCode,
    CheckCode,
    ListVariables,
    ReadPage,
    CreateKey,
    ListKeys,
    /// A key's maker may revoke it too, whatever their role is now.
    RevokeKey,
}

impl Operation {
    /// The row.
    pub const fn who(self) -> Who {
        match self {
            Self::MakeScratch | Self::TryIt | Self::RedeemLink | Self::SignOut | Self::ReadKeySet | Self::ReadHealth | Self::ReadDocs => {
                Who::Anyone
            }
            Self::Report => Who::Reporter,
            Self::ReadMe | Self::CreateProject | Self::ListProjects => Who::SignedIn,
            Self::ReadProject
            | Self::ReadAccount
            | Self::ListNotebooks
            | Self::ReadNotebook
            | Self::ReadRun
            | Self::ReadReceipt
            | Self::ListRuns
            | Self::FollowRun
            | Self::ListCheckpoints
            | Self::DiffCheckpoints
            | Self::ListVariables
            | Self::ReadPage => Who::May(Action::Read),
            Self::CreateNotebook
            | Self::RemoveNotebook
            | Self::AddCell
            | Self::PutCell
            | Self::RemoveCell
            | Self::RunCell
            | Self::CreateRun
            | Self::CancelRun
            | Self::AnswerRun
            | Self::NameCheckpoint
            | Self::RewindKernel
            | Self::RestartKernel
            | Self::ForkNotebook
            | Self::ExportKernel
            | Self::ImportKernel
            | Self::CompleteCode
            | Self::InspectCode
            | Self::CheckCode => Who::May(Action::Edit),
            Self::SetSettings | Self::CreateKey | Self::ListKeys | Self::RevokeKey => Who::May(Action::Manage),
        }
    }
}
