//! The native module `_selvedge`: what the Python part cannot do, or not fast enough.

pub(crate) use _selvedge::module_def;

#[link(wasm_import_module = "selvedge")]
unsafe extern "C" {
    /// Hands `len` bytes of UTF-8 at `ptr` to the host; kinds are numbered in `sandbox/engine/src/host/emit.rs`.
    #[link_name = "emit"]
    fn host_emit(kind: u32, ptr: *const u8, len: usize);
    /// Asks whoever watches the cell for a line, with a prompt of `len` bytes at `ptr`, and waits. `secret` is 1 for passwords. How many bytes came,
    /// or -1: nobody is there.
    #[link_name = "read_input"]
    fn host_read_input(ptr: *const u8, len: usize, secret: u32) -> i32;
    /// Puts the line that came at `ptr`, which has room for it.
    #[link_name = "take_input"]
    fn host_take_input(ptr: *mut u8, len: usize);
}

fn emit(kind: u32, text: &str) {
    // SAFETY: the host reads exactly these bytes before it returns.
    unsafe { host_emit(kind, text.as_ptr(), text.len()) }
}

fn read_input(prompt: &str, secret: bool) -> Option<String> {
    // SAFETY: the host reads exactly these bytes before it returns.
    let len = unsafe { host_read_input(prompt.as_ptr(), prompt.len(), u32::from(secret)) };
    let mut line = vec![0; usize::try_from(len).ok()?];
    // SAFETY: the host writes at most this many bytes, before it returns.
    unsafe { host_take_input(line.as_mut_ptr(), line.len()) };
    Some(String::from_utf8_lossy(&line).into_owned())
}

#[rustpython::vm::pymodule]
mod _selvedge {
    use rustpython::vm::builtins::{PyCode, PyListRef, PyStrRef};
    use rustpython::vm::compiler::{CompileOpts, Mode, TokenKind, ast::Stmt, parser};
    use rustpython::vm::function::ArgBytesLike;
    use rustpython::vm::{PyRef, PyResult, VirtualMachine};

    /// `emit(kind, text)`: text of standard output (1) or error (2), or JSON of a display (3), value (4), error (5), answer (6) or something about
    /// an earlier display (7).
    #[pyfunction]
    fn emit(kind: u32, text: PyStrRef) {
        super::emit(kind, &text.to_string_lossy());
    }

    /// `write_out(text)`: what `sys.stdout.write` is.
    #[pyfunction]
    fn write_out(text: PyStrRef) -> usize {
        super::emit(1, &text.to_string_lossy());
        text.char_len()
    }

    /// `write_err(text)`: what `sys.stderr.write` is.
    #[pyfunction]
    fn write_err(text: PyStrRef) -> usize {
        super::emit(2, &text.to_string_lossy());
        text.char_len()
    }

    /// `write_bytes(kind, bytes)`: what `sys.stdout.buffer.write` and `sys.stderr.buffer.write` are.
    #[pyfunction]
    fn write_bytes(kind: u32, bytes: ArgBytesLike) -> usize {
        bytes.with_ref(|bytes| {
            super::emit(kind, &String::from_utf8_lossy(bytes));
            bytes.len()
        })
    }

    /// `read_input(prompt, secret)`: a line without its end, from whoever watches the cell; None when nobody does. Returns when the line is there.
    #[pyfunction]
    fn read_input(prompt: PyStrRef, secret: bool, vm: &VirtualMachine) -> PyResult<Option<String>> {
        let line = super::read_input(&prompt.to_string_lossy(), secret);
        // Nobody answers a cell that is interrupted.
        vm.check_signals()?;
        Ok(line)
    }

    /// `tokens(source)`: `(kind, begin, end)` of every token, in characters; also of source that does not parse, as far as it can be told apart.
    #[pyfunction]
    fn tokens(source: PyStrRef, vm: &VirtualMachine) -> PyListRef {
        let source = source.to_string_lossy();
        let parsed = parser::parse_unchecked(&source, parser::ParseOptions::from(parser::Mode::Module));
        let (mut bytes, mut characters) = (0, 0);
        let mut place = |offset: usize| {
            // Tokens do not overlap and come in order; nothing is counted twice.
            characters += source.get(bytes..offset).map_or(0, |passed| passed.chars().count());
            bytes = bytes.max(offset);
            characters
        };
        let tokens = parsed.tokens().iter().map(|token| {
            let (kind, range) = token.as_tuple();
            let begin = place(range.start().to_usize());
            vm.new_pyobj((format!("{kind:?}"), begin, place(range.end().to_usize())))
        });
        vm.ctx.new_list(tokens.collect())
    }

    /// `compile_cell(source, label)`: code whose value is that of the last statement when that is an expression, else None.
    /// A semicolon at the end asks for None too. Code that awaits is a coroutine's: evaluating it makes one.
    #[pyfunction]
    fn compile_cell(source: PyStrRef, label: PyStrRef, vm: &VirtualMachine) -> PyResult<PyRef<PyCode>> {
        let source = source.to_string_lossy();
        let label = label.to_string_lossy();
        let compile = |mode| {
            let opts = CompileOpts {
                allow_top_level_await: true,
                ..vm.compile_opts()
            };
            vm.compile_with_opts(&source, mode, label.to_string(), opts)
                .map_err(|error| error.into_pyexception(vm, Some(&source)))
        };
        let code = compile(Mode::BlockExpr)?;
        // Compiled so, a definition at the end would be a value as well.
        if silent_end(&source) { compile(Mode::Exec) } else { Ok(code) }
    }

    fn silent_end(source: &str) -> bool {
        let Ok(parsed) = parser::parse_module(source) else { return false };
        let between = [
            TokenKind::EndOfFile,
            TokenKind::Newline,
            TokenKind::NonLogicalNewline,
            TokenKind::Comment,
        ];
        let last = parsed
            .tokens()
            .iter()
            .rev()
            .map(|token| token.kind())
            .find(|kind| !between.contains(kind));
        last == Some(TokenKind::Semi) || matches!(parsed.syntax().body.last(), Some(Stmt::FunctionDef(_) | Stmt::ClassDef(_)))
    }
}
