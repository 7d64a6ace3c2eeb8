//! `selvedge node`: an execution node in this program.
