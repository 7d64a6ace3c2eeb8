use super::meter;
use selvedge_engine::host::{CHARGE_FUNCTION, EMIT_MODULE, FUEL_GLOBAL, TICK_FUNCTION};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    ImportSection, Instruction, MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wasmtime::{Engine, Linker, Store, Val};

/// `outer(n)` turns n times and calls `inner(8)` in each, `inner(n)` turns n times, `copy(n)` copies n bytes; an import is before them.
/// `nested(n)` is `outer(n)` whose loop begins with another loop, which turns once for each turn of it, and `saying(n)` turns n times and charges
/// 1,000 units in each.
fn guest() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("host", "nothing", EntityType::Function(0));
    imports.import(EMIT_MODULE, CHARGE_FUNCTION, EntityType::Function(0));
    let mut functions = FunctionSection::new();
    functions.function(0).function(0).function(0).function(0).function(0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    let ty = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    globals.global(ty, &ConstExpr::i32_const(7));
    let mut exports = ExportSection::new();
    for (name, number) in [("outer", 2), ("inner", 3), ("copy", 4), ("nested", 5), ("saying", 6)] {
        exports.export(name, ExportKind::Func, number);
    }
    let turning = |body: &[Instruction<'_>]| {
        let mut function = Function::new([]);
        function.instruction(&Instruction::Loop(BlockType::Empty));
        for instruction in body {
            function.instruction(instruction);
        }
        for instruction in [
            Instruction::LocalGet(0),
            Instruction::I32Const(1),
            Instruction::I32Sub,
            Instruction::LocalTee(0),
            Instruction::BrIf(0),
            Instruction::End,
            Instruction::End,
        ] {
            function.instruction(&instruction);
        }
        function
    };
    let mut code = CodeSection::new();
    code.function(&turning(&[Instruction::I32Const(8), Instruction::Call(3)]));
    code.function(&turning(&[]));
    let mut copy = Function::new([]);
    for instruction in [
        Instruction::I32Const(0),
        Instruction::I32Const(0),
        Instruction::LocalGet(0),
        Instruction::MemoryCopy { src_mem: 0, dst_mem: 0 },
        Instruction::End,
    ] {
        copy.instruction(&instruction);
    }
    code.function(&copy);
    let mut nested = Function::new([]);
    for instruction in [
        Instruction::Loop(BlockType::Empty),
        Instruction::Loop(BlockType::Empty),
        Instruction::I32Const(8),
        Instruction::Call(3),
        Instruction::LocalGet(0),
        Instruction::I32Const(1),
        Instruction::I32Sub,
        Instruction::LocalTee(0),
        Instruction::BrIf(1),
        Instruction::End,
        Instruction::End,
        Instruction::End,
    ] {
        nested.instruction(&instruction);
    }
    code.function(&nested);
    code.function(&turning(&[Instruction::I32Const(1_000), Instruction::Call(1)]));
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&memories)
        .section(&globals)
        .section(&exports)
        .section(&code);
    module.finish()
}

/// Units used by `function(argument)` and how often it asked, when each slice is `slice`.
fn run(function: &str, argument: i32, slice: i64) -> (i64, i64) {
    let metered = meter(&guest()).unwrap();
    wasmparser::validate(&metered).unwrap();
    let engine = Engine::default();
    let module = wasmtime::Module::new(&engine, &metered).unwrap();
    let mut store = Store::new(&engine, 0_i64);
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "nothing", |_: i32| {}).unwrap();
    linker
        .func_wrap(EMIT_MODULE, CHARGE_FUNCTION, |units: i32| {
            assert_eq!(units, i32::MIN, "the builder left a call")
        })
        .unwrap();
    linker
        .func_wrap(EMIT_MODULE, TICK_FUNCTION, move |mut caller: wasmtime::Caller<'_, i64>| {
            *caller.data_mut() += 1;
            let global = caller.get_export(FUEL_GLOBAL).unwrap().into_global().unwrap();
            let left = global.get(&mut caller).i64().unwrap();
            assert!(left < 0, "it asks with {left} units left");
            global.set(&mut caller, Val::I64(left + slice)).unwrap();
        })
        .unwrap();
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let global = instance.get_global(&mut store, FUEL_GLOBAL).unwrap();
    global.set(&mut store, Val::I64(slice)).unwrap();
    let function = instance.get_typed_func::<i32, ()>(&mut store, function).unwrap();
    function.call(&mut store, argument).unwrap();
    let asked = *store.data();
    (slice * (asked + 1) - global.get(&mut store).i64().unwrap(), asked)
}

/// How often the global is taken from in loops.
fn charged_loops(metered: &[u8]) -> usize {
    let mut count = 0;
    for payload in wasmparser::Parser::new(0).parse_all(metered) {
        if let wasmparser::Payload::CodeSectionEntry(body) = payload.unwrap() {
            let operators: Vec<_> = body.get_operators_reader().unwrap().into_iter().map(Result::unwrap).collect();
            count += operators
                .windows(2)
                .filter(|pair| matches!(pair, [wasmparser::Operator::Loop { .. }, wasmparser::Operator::GlobalGet { .. }]))
                .count();
        }
    }
    count
}

#[test]
fn turns_are_counted_and_those_that_call_ask() {
    let (ten, never) = run("outer", 10, 1 << 40);
    let (thousand, _) = run("outer", 1_000, 1 << 40);
    assert_eq!(never, 0);
    assert_eq!(thousand, ten * 100);
    let (again, often) = run("outer", 1_000, 500);
    assert_eq!(again, thousand, "slices change nothing");
    assert!(often >= thousand / 500 - 1, "{often}");
}

#[test]
fn a_bounded_loop_is_counted_but_does_not_ask() {
    assert_eq!(run("inner", 1_000, 10), (run("inner", 1, 10).0 * 1_000, 0));
}

#[test]
fn a_loop_that_begins_with_another_leaves_its_turns_to_that() {
    let (plain, _) = run("outer", 1_000, 500);
    let (nested, often) = run("nested", 1_000, 500);
    // What begins and ends the other loop.
    assert_eq!(nested, plain + 3 * 1_000);
    assert!(often >= nested / 500 - 1, "{often}");
    assert_eq!(charged_loops(&meter(&guest()).unwrap()), 3, "of four loops");
}

#[test]
fn a_loop_that_says_what_it_takes_is_not_counted_besides() {
    assert_eq!(run("saying", 100, 1 << 40), (100_000, 0));
    let (again, often) = run("saying", 100, 500);
    assert_eq!(again, 100_000);
    assert!(often >= 100, "{often}");
}

#[test]
fn bulk_operations_cost_what_they_move() {
    assert_eq!(run("copy", 1 << 16, 1).0, 1 << 12);
    assert_eq!(run("copy", 0, 1).0, 0);
}
