//! Every key of the notebook: one table for the handler and for the help. The set is Jupyter's.

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Run and select the next cell.
    RunNext,
    /// Run and stay.
    Run,
    /// Run and add a cell below.
    RunInsert,
    /// From the cell into its text.
    Edit,
    /// From the text to the cell.
    Command,
    /// Select the cell above.
    Up,
    /// Select the cell below.
    Down,
    /// Add a cell above.
    InsertAbove,
    /// Add a cell below.
    InsertBelow,
    /// Remove the cell.
    Remove,
    /// Bring the removed cell back.
    BringBack,
    /// Undo what the last cell did to the kernel.
    Undo,
    /// Open or close the timeline.
    Timeline,
    /// Open or close the variables.
    Variables,
    /// Restart the kernel.
    Restart,
    /// Stop what runs.
    Interrupt,
    /// The editor's own: complete what is typed.
    Complete,
    /// The editor's own: explain the name at the caret.
    Explain,
    /// Save now.
    Save,
    /// Show the keys.
    Help,
}

/// Where a key acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The cell has the focus, not its text.
    Command,
    /// The caret is in the text: the editor hears these.
    Edit,
    /// Both.
    Both,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shortcut {
    /// Keys as `KeyboardEvent.key` names them, with `Shift+`, `Accel+` (Ctrl or Cmd), `Alt+` before; a space between keys of a sequence.
    pub(crate) keys: &'static str,
    /// Where.
    pub(crate) mode: Mode,
    /// What.
    pub(crate) action: Action,
    /// For the help.
    pub(crate) title: &'static str,
}

const fn row(keys: &'static str, mode: Mode, action: Action, title: &'static str) -> Shortcut {
    Shortcut { keys, mode, action, title }
}

/// All of them, in the order of the help.
pub(crate) const SHORTCUTS: &[Shortcut] = &[
    row("Shift+Enter", Mode::Both, Action::RunNext, "Run the cell, select the next"),
    row("Accel+Enter", Mode::Both, Action::Run, "Run the cell"),
    row("Alt+Enter", Mode::Both, Action::RunInsert, "Run the cell, add one below"),
    row("i i", Mode::Command, Action::Interrupt, "Stop what runs; variables stay"),
    row("Enter", Mode::Command, Action::Edit, "Edit the cell"),
    row("Escape", Mode::Edit, Action::Command, "Leave the text; then Tab moves on"),
    row("k", Mode::Command, Action::Up, "Select the cell above"),
    row("ArrowUp", Mode::Command, Action::Up, "Select the cell above"),
    row("j", Mode::Command, Action::Down, "Select the cell below"),
    row("ArrowDown", Mode::Command, Action::Down, "Select the cell below"),
    row("a", Mode::Command, Action::InsertAbove, "Add a cell above"),
    row("b", Mode::Command, Action::InsertBelow, "Add a cell below"),
    row("d d", Mode::Command, Action::Remove, "Remove the cell"),
    row("z", Mode::Command, Action::BringBack, "Bring the removed cell back"),
    row("u", Mode::Command, Action::Undo, "Undo the last cell: variables and files"),
    row("t", Mode::Command, Action::Timeline, "Timeline: what the kernel was, cell by cell"),
    row("n", Mode::Command, Action::Variables, "Variables: what names are bound to"),
    row("0 0", Mode::Command, Action::Restart, "Restart the kernel"),
    row("Tab", Mode::Edit, Action::Complete, "Complete, after a word or a dot"),
    row("Shift+Tab", Mode::Edit, Action::Explain, "What the kernel knows of the name"),
    row("Accel+s", Mode::Both, Action::Save, "Save now (it saves by itself, too)"),
    row("?", Mode::Command, Action::Help, "Show these keys"),
];

/// What a key does in command mode, after `pending` as the first of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// This.
    Act(Action),
    /// Perhaps the beginning of a sequence.
    Begins,
    /// Nothing of ours.
    Nothing,
}

/// Looks a key up.
pub(crate) fn command(pending: Option<&str>, key: &str) -> Pressed {
    let here = || SHORTCUTS.iter().filter(|row| row.mode != Mode::Edit);
    if let Some(first) = pending
        && let Some(row) = here().find(|row| row.keys.split_once(' ') == Some((first, key)))
    {
        return Pressed::Act(row.action);
    }
    if let Some(row) = here().find(|row| row.keys == key) {
        return Pressed::Act(row.action);
    }
    if here().any(|row| row.keys.split_once(' ').is_some_and(|(first, _)| first == key)) {
        Pressed::Begins
    } else {
        Pressed::Nothing
    }
}

/// The words of a row's keys, as a keyboard shows them.
pub(crate) fn words(keys: &str) -> Vec<String> {
    let word = |key: &str| match key {
        "Accel" => "Ctrl".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "Escape" => "Esc".to_owned(),
        key if key.len() == 1 => key.to_uppercase(),
        key => key.to_owned(),
    };
    keys.split([' ', '+']).map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jupyter_set_is_there() {
        for (key, action) in [
            ("a", Action::InsertAbove),
            ("b", Action::InsertBelow),
            ("j", Action::Down),
            ("k", Action::Up),
            ("ArrowUp", Action::Up),
            ("ArrowDown", Action::Down),
            ("Enter", Action::Edit),
            ("Shift+Enter", Action::RunNext),
            ("Accel+Enter", Action::Run),
            ("Alt+Enter", Action::RunInsert),
        ] {
            assert_eq!(command(None, key), Pressed::Act(action), "{key}");
        }
    }

    #[test]
    fn removing_takes_two_presses_and_nothing_in_between() {
        assert_eq!(command(None, "d"), Pressed::Begins);
        assert_eq!(command(Some("d"), "d"), Pressed::Act(Action::Remove));
        assert_eq!(command(Some("i"), "d"), Pressed::Begins);
    }

    #[test]
    fn no_key_means_two_things() {
        for (at, row) in SHORTCUTS.iter().enumerate() {
            assert!(!SHORTCUTS[..at].iter().any(|other| other.keys == row.keys), "{}", row.keys);
        }
    }
}
