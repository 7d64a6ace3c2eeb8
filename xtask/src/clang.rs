//! The C compiler for code that becomes WebAssembly.

use crate::command;

/// Newest first; the plain names last, because they may be anything.
const VERSIONS: [&str; 10] = ["-22", "-21", "-20", "-19", "-18", "-17", "-16", "-15", "-14", ""];

/// Programs that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Clang {
    /// `clang`, as it is called here.
    pub(crate) compiler: String,
    /// `llvm-ar`, likewise.
    pub(crate) archiver: String,
}

/// The newest one on PATH that knows WebAssembly.
pub(crate) fn find() -> Option<Clang> {
    VERSIONS.iter().find_map(|version| {
        let clang = Clang {
            compiler: format!("clang{version}"),
            archiver: format!("llvm-ar{version}"),
        };
        let usable = command::on_path(&clang.compiler)
            && command::on_path(&clang.archiver)
            && command::read(command::command(&clang.compiler).arg("--print-targets")).is_some_and(|targets| targets.contains("wasm32"));
        usable.then_some(clang)
    })
}
