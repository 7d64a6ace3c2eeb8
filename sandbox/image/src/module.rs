//! What a guest module may be, and what is changed in it before it is compiled.

use crate::build::BuildError;
use selvedge_engine::host::{CHARGE_FUNCTION, EMIT_FUNCTION, EMIT_MODULE, INPUT_FUNCTIONS, WASI_IMPORTS, WASI_MODULE};
use selvedge_engine::{GLOBAL_PREFIX, GUEST_PAGES_MAX, TABLE_ELEMENTS_MAX};
use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, ValType};

/// What the engine calls. Everything else that a guest exports is dropped.
const EXPORTS: [&str; 4] = ["memory", "request", "handle", "interrupt"];

/// A module that is ready to be compiled.
pub(crate) struct Prepared {
    pub(crate) wasm: Vec<u8>,
    pub(crate) memory_pages: u64,
    pub(crate) globals: Vec<String>,
    pub(crate) exports: Vec<String>,
}

/// Checks `wasm` against what guests get, exports exactly what the engine needs, mutable globals among it, and drops custom sections.
pub(crate) fn prepare(wasm: &[u8]) -> Result<Prepared, BuildError> {
    let mut module = Module::new();
    let mut found = Found::default();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(refused)?;
        found.read(&payload)?;
        match (&payload, payload.as_section()) {
            (Payload::ExportSection(_), _) => {
                module.section(&found.exports());
            }
            (Payload::CustomSection(_), _) | (_, None) => {}
            (_, Some((id, range))) => {
                module.section(&RawSection {
                    id,
                    data: wasm.get(range).unwrap_or_default(),
                });
            }
        }
    }
    for name in EXPORTS {
        if !found.exports.iter().any(|(export, ..)| export == name) {
            return Err(BuildError::Refused(format!("it does not export `{name}`")));
        }
    }
    Ok(Prepared {
        wasm: module.finish(),
        memory_pages: found.memory_pages,
        globals: found.globals.iter().map(|index| global_name(*index)).collect(),
        exports: found.exports.into_iter().map(|(name, ..)| name).collect(),
    })
}

fn global_name(index: u32) -> String {
    format!("{GLOBAL_PREFIX}{index}")
}

fn refused(error: wasmparser::BinaryReaderError) -> BuildError {
    BuildError::Refused(error.to_string())
}

#[derive(Default)]
struct Found {
    memory_pages: u64,
    globals: Vec<u32>,
    exports: Vec<(String, ExportKind, u32)>,
}

impl Found {
    fn read(&mut self, payload: &Payload<'_>) -> Result<(), BuildError> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    let import = import.map_err(refused)?;
                    let allowed = match import.module {
                        WASI_MODULE => WASI_IMPORTS.contains(&import.name),
                        EMIT_MODULE => [EMIT_FUNCTION, CHARGE_FUNCTION].contains(&import.name) || INPUT_FUNCTIONS.contains(&import.name),
                        _ => false,
                    };
                    if !allowed || !matches!(import.ty, TypeRef::Func(_)) {
                        return Err(BuildError::Refused(format!(
                            "it imports `{}.{}`, which guests do not get",
                            import.module, import.name
                        )));
                    }
                }
            }
            Payload::TableSection(tables) => {
                for table in tables.clone() {
                    let elements = table.map_err(refused)?.ty.initial;
                    if elements > TABLE_ELEMENTS_MAX {
                        return Err(BuildError::Refused(format!(
                            "its table has {elements} elements, more than {TABLE_ELEMENTS_MAX}"
                        )));
                    }
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories.clone() {
                    self.memory_pages = memory.map_err(refused)?.initial;
                }
                if self.memory_pages > GUEST_PAGES_MAX {
                    return Err(BuildError::Refused(format!(
                        "its memory begins with {} pages, more than {GUEST_PAGES_MAX}",
                        self.memory_pages
                    )));
                }
            }
            Payload::GlobalSection(globals) => {
                for (index, global) in (0..).zip(globals.clone()) {
                    let ty = global.map_err(refused)?.ty;
                    if !ty.mutable {
                        continue;
                    }
                    if !matches!(ty.content_type, ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64) {
                        return Err(BuildError::Refused(format!("its global {index} changes and is not a number")));
                    }
                    self.globals.push(index);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports.clone() {
                    let export = export.map_err(refused)?;
                    let kind = match export.kind {
                        ExternalKind::Func => ExportKind::Func,
                        ExternalKind::Memory => ExportKind::Memory,
                        _ => continue,
                    };
                    if EXPORTS.contains(&export.name) {
                        self.exports.push((export.name.to_owned(), kind, export.index));
                    }
                }
                self.exports
                    .extend(self.globals.iter().map(|index| (global_name(*index), ExportKind::Global, *index)));
            }
            _ => {}
        }
        Ok(())
    }

    fn exports(&self) -> ExportSection {
        let mut section = ExportSection::new();
        for (name, kind, index) in &self.exports {
            section.export(name, *kind, *index);
        }
        section
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, ConstExpr, CustomSection, EntityType, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
        MemorySection, MemoryType, TypeSection,
    };

    /// A module with one import, 3 pages, a constant and a mutable global, and the three exports.
    fn guest(import: (&str, &str), global: wasm_encoder::ValType) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import(import.0, import.1, EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 3,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        let kind = |mutable, val_type| GlobalType {
            val_type,
            mutable,
            shared: false,
        };
        globals.global(kind(false, wasm_encoder::ValType::I32), &ConstExpr::i32_const(1));
        let value = if global == wasm_encoder::ValType::I32 {
            ConstExpr::i32_const(2)
        } else {
            ConstExpr::ref_null(wasm_encoder::HeapType::FUNC)
        };
        globals.global(kind(true, global), &value);
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        for name in ["request", "handle", "interrupt", "lzma_code"] {
            exports.export(name, ExportKind::Func, 1);
        }
        let mut code = CodeSection::new();
        let mut body = Function::new([]);
        body.instructions().end();
        code.function(&body);
        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&memories)
            .section(&globals)
            .section(&exports)
            .section(&code);
        module.section(&CustomSection {
            name: "name".into(),
            data: [0_u8].as_slice().into(),
        });
        module.finish()
    }

    #[test]
    fn mutable_globals_are_exported_and_everything_unneeded_goes() {
        let prepared = prepare(&guest((WASI_MODULE, "fd_write"), wasm_encoder::ValType::I32)).unwrap();
        assert_eq!(prepared.exports, ["memory", "request", "handle", "interrupt", "selvedge_global_1"]);
        assert_eq!(prepared.globals, ["selvedge_global_1"]);
        assert_eq!(prepared.memory_pages, 3);
        wasmparser::validate(&prepared.wasm).unwrap();
        let again = prepare(&prepared.wasm).unwrap();
        assert!(
            !Parser::new(0)
                .parse_all(&again.wasm)
                .any(|payload| matches!(payload, Ok(Payload::CustomSection(_))))
        );
    }

    #[test]
    fn an_import_that_guests_do_not_get_is_refused_by_name() {
        for import in [(WASI_MODULE, "sock_accept"), ("env", "fd_write"), (EMIT_MODULE, "call")] {
            let Err(BuildError::Refused(reason)) = prepare(&guest(import, wasm_encoder::ValType::I32)) else {
                panic!("{import:?} passed")
            };
            assert!(reason.contains(import.1), "{reason}");
        }
    }

    #[test]
    fn a_global_that_checkpoints_cannot_hold_is_refused() {
        assert!(prepare(&guest((WASI_MODULE, "fd_write"), wasm_encoder::ValType::FUNCREF)).is_err());
    }
}
