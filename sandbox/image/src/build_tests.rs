//! Whole images of a guest that is small enough to be written down here.

use crate::{Ingredients, build};
use selvedge_engine::host::WASI_MODULE;
use selvedge_engine::{COMPILED_FILE, Image, MANIFEST_FILE, MEMORY_FILE};
use selvedge_environment::Packages;
use std::fs;
use std::path::Path;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    ImportSection, MemorySection, MemoryType, Module, TypeSection, ValType,
};

/// Its boot fills memory with randomness and the time; it has data, and a global that changes.
fn guest() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32, ValType::I64, ValType::I32], [ValType::I32]);
    types.ty().function([], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import(WASI_MODULE, "random_get", EntityType::Function(0));
    imports.import(WASI_MODULE, "clock_time_get", EntityType::Function(1));
    let mut functions = FunctionSection::new();
    functions.function(2).function(3).function(4);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 3,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    let kind = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    globals.global(kind, &ConstExpr::i32_const(7));
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    for (name, index) in [("wizer-initialize", 2), ("request", 3), ("handle", 4), ("interrupt", 4)] {
        exports.export(name, ExportKind::Func, index);
    }
    let mut boot = Function::new([]);
    boot.instructions()
        .i32_const(70_000)
        .i32_const(500)
        .call(0)
        .drop()
        .i32_const(0)
        .i64_const(1)
        .i32_const(80_000)
        .call(1)
        .global_set(0)
        .end();
    let mut request = Function::new([]);
    request.instructions().local_get(0).end();
    let mut handle = Function::new([]);
    handle.instructions().i32_const(0).end();
    let mut code = CodeSection::new();
    code.function(&boot).function(&request).function(&handle);
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(10), *b"data");
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&memories)
        .section(&globals)
        .section(&exports)
        .section(&code)
        .section(&data);
    module.finish()
}

fn built(out: &Path) {
    let ingredients = Ingredients {
        name: "small",
        guest: &guest(),
        sources: None,
        packages: &Packages::default(),
        imports: &[],
        cache: None,
    };
    build(&ingredients, out, |_| ()).unwrap();
}

#[test]
fn an_image_is_the_same_bytes_each_time_it_is_built() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    built(first.path());
    built(second.path());
    for name in [MANIFEST_FILE, COMPILED_FILE, MEMORY_FILE] {
        let (a, b) = (
            fs::read(first.path().join(name)).unwrap(),
            fs::read(second.path().join(name)).unwrap(),
        );
        assert!(a == b, "{name} differs");
    }
    let memory = fs::read(first.path().join(MEMORY_FILE)).unwrap();
    assert_eq!((memory.len(), &memory[10..14]), (3 << 16, &b"data"[..]));
    assert!(memory[70_000..70_500].iter().any(|byte| *byte != 0), "what the boot drew is in it");
}

#[test]
fn an_image_whose_memory_was_altered_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    built(dir.path());
    Image::open(dir.path()).unwrap();
    let path = dir.path().join(MEMORY_FILE);
    let mut memory = fs::read(&path).unwrap();
    memory[100_000] ^= 1;
    fs::write(&path, memory).unwrap();
    assert!(Image::open(dir.path()).unwrap_err().to_string().contains(MEMORY_FILE));
}
