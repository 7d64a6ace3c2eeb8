//! Counts what a guest does, the same on every machine, for a third of what the compiler's own fuel costs: that is touched by every call and
//! every branch, and a quarter of an interpreter's time goes into it.
//!
//! A global holds what is left of a slice. Each turn of a loop takes from it as many units as the loop has instructions, and each bulk operation
//! one for so many bytes. When it is used up, the next turn calls `tick`, where the host gives another slice or ends the guest. A loop without
//! calls and without loops in it only takes: how often it turns is bounded by what it goes over, and the turn of the loop that called it asks.
//! A loop whose turns all begin with a turn of another loop that asks leaves it to that one. One that calls `charge` somewhere says itself what
//! it takes and is not counted besides: an interpreter's, which charges a stretch of the program at once where that jumps back or calls.
//! Straight stretches are not counted; in an interpreter, each instruction of the program is a turn of a loop.

use crate::build::BuildError;
use selvedge_engine::host::{CHARGE_FUNCTION, EMIT_MODULE, FUEL_GLOBAL, TICK_FUNCTION};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    BlockType, BranchHint, BranchHints, CodeSection, ConstExpr, ElementSection, EntityType, ExportKind, ExportSection, Function,
    GlobalSection, GlobalType, ImportSection, Instruction, Module, RawSection, TypeSection, ValType,
};
use wasmparser::{FunctionBody, Operator, Parser, Payload, TypeRef};

#[cfg(test)]
#[path = "metering_tests.rs"]
mod tests;

/// The largest loop is an interpreter's, of which a turn takes only a small part.
const TURN_UNITS_MAX: i64 = 250;
/// A bulk operation moves so many bytes for a unit, as a power of two.
const BULK_BYTES_LOG2: i64 = 4;

/// `wasm`, counting. Functions move up by one behind the imported `tick`; the global is the last one.
pub(crate) fn meter(wasm: &[u8]) -> Result<Vec<u8>, BuildError> {
    metered(wasm).map_err(|error| BuildError::Refused(error.to_string()))
}

fn metered(wasm: &[u8]) -> Result<Vec<u8>, reencode::Error> {
    let mut meter = Meter::of(wasm)?;
    let mut module = Module::new();
    let (mut code, mut hints) = (CodeSection::new(), BranchHints::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(types) => {
                let mut section = TypeSection::new();
                utils::parse_type_section(&mut meter, &mut section, types)?;
                section.ty().function([], []);
                module.section(&section);
            }
            Payload::ImportSection(imports) => {
                let mut section = ImportSection::new();
                utils::parse_import_section(&mut meter, &mut section, imports)?;
                section.import(EMIT_MODULE, TICK_FUNCTION, EntityType::Function(meter.tick_type));
                module.section(&section);
            }
            Payload::GlobalSection(globals) => {
                let mut section = GlobalSection::new();
                utils::parse_global_section(&mut meter, &mut section, globals)?;
                let ty = GlobalType {
                    val_type: ValType::I64,
                    mutable: true,
                    shared: false,
                };
                section.global(ty, &ConstExpr::i64_const(0));
                module.section(&section);
            }
            Payload::ExportSection(exports) => {
                let mut section = ExportSection::new();
                utils::parse_export_section(&mut meter, &mut section, exports)?;
                section.export(FUEL_GLOBAL, ExportKind::Global, meter.fuel);
                module.section(&section);
            }
            Payload::ElementSection(elements) => {
                let mut section = ElementSection::new();
                utils::parse_element_section(&mut meter, &mut section, elements)?;
                module.section(&section);
            }
            Payload::CodeSectionEntry(body) => {
                let index = meter.tick + 1 + code.len();
                let (function, unlikely) = meter.function(&body, code.len())?;
                if !unlikely.is_empty() {
                    hints.function_hints(index, unlikely);
                }
                code.function(&function);
                if code.len() as usize == meter.parameters.len() {
                    module.section(&hints);
                    module.section(&code);
                }
            }
            Payload::CodeSectionStart { .. } | Payload::CustomSection(_) => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    let data = wasm.get(range).unwrap_or_default();
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(module.finish())
}

struct Meter {
    /// The number of `tick`: functions from there on move up by one.
    tick: u32,
    tick_type: u32,
    fuel: u32,
    /// The number of the imported `charge`, when there is one.
    charge: Option<u32>,
    /// How many parameters each function has.
    parameters: Vec<u32>,
}

impl Reencode for Meter {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error> {
        Ok(if function < self.tick { function } else { function + 1 })
    }
}

impl Meter {
    fn of(wasm: &[u8]) -> wasmparser::Result<Self> {
        let mut types = Vec::new();
        let mut meter = Self {
            tick: 0,
            tick_type: 0,
            fuel: 0,
            charge: None,
            parameters: Vec::new(),
        };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        types.push(u32::try_from(ty?.params().len()).unwrap_or(u32::MAX));
                        meter.tick_type += 1;
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        match import.ty {
                            TypeRef::Func(_) => {
                                if (import.module, import.name) == (EMIT_MODULE, CHARGE_FUNCTION) {
                                    meter.charge = Some(meter.tick);
                                }
                                meter.tick += 1;
                            }
                            TypeRef::Global(_) => meter.fuel += 1,
                            _ => {}
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        meter.parameters.push(types.get(ty? as usize).copied().unwrap_or(0));
                    }
                }
                Payload::GlobalSection(section) => meter.fuel += section.count(),
                _ => {}
            }
        }
        Ok(meter)
    }

    /// The function of that number, counting, and where in it a branch to `tick` is unlikely.
    fn function(&mut self, body: &FunctionBody<'_>, number: u32) -> Result<(Function, Vec<BranchHint>), reencode::Error> {
        let mut loops = loops(body, self.charge)?.into_iter();
        let mut unlikely = Vec::new();
        let mut length = self.parameters.get(number as usize).copied().unwrap_or(0);
        let mut locals = Vec::new();
        for pair in body.get_locals_reader()? {
            let (count, ty) = pair?;
            locals.push((count, self.val_type(ty)?));
            length += count;
        }
        locals.push((1, ValType::I32));
        let mut function = Function::new(locals);
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            if matches!(operator, Operator::MemoryCopy { .. } | Operator::MemoryFill { .. }) {
                // The length stays on top of the stack.
                function
                    .instruction(&Instruction::LocalTee(length))
                    .instruction(&Instruction::GlobalGet(self.fuel))
                    .instruction(&Instruction::LocalGet(length))
                    .instruction(&Instruction::I64ExtendI32U)
                    .instruction(&Instruction::I64Const(BULK_BYTES_LOG2))
                    .instruction(&Instruction::I64ShrU)
                    .instruction(&Instruction::I64Sub)
                    .instruction(&Instruction::GlobalSet(self.fuel));
            }
            if matches!(operator, Operator::Call { function_index } if Some(function_index) == self.charge) {
                function
                    .instruction(&Instruction::LocalSet(length))
                    .instruction(&Instruction::GlobalGet(self.fuel))
                    .instruction(&Instruction::LocalGet(length))
                    .instruction(&Instruction::I64ExtendI32U)
                    .instruction(&Instruction::I64Sub)
                    .instruction(&Instruction::GlobalSet(self.fuel));
                unlikely.push(self.ask(&mut function));
                continue;
            }
            let begins = matches!(operator, Operator::Loop { .. });
            function.instruction(&self.instruction(operator)?);
            if let Some(turn) = begins.then(|| loops.next()).flatten().filter(|turn| turn.units > 0) {
                function
                    .instruction(&Instruction::GlobalGet(self.fuel))
                    .instruction(&Instruction::I64Const(turn.units.min(TURN_UNITS_MAX)))
                    .instruction(&Instruction::I64Sub)
                    .instruction(&Instruction::GlobalSet(self.fuel));
                if turn.asks {
                    unlikely.push(self.ask(&mut function));
                }
            }
        }
        Ok((function, unlikely))
    }

    /// Call `tick` when the slice is used up; where the branch to it is.
    fn ask(&self, function: &mut Function) -> BranchHint {
        function
            .instruction(&Instruction::GlobalGet(self.fuel))
            .instruction(&Instruction::I64Const(0))
            .instruction(&Instruction::I64LtS);
        let hint = BranchHint {
            branch_func_offset: u32::try_from(function.byte_len()).unwrap_or(u32::MAX),
            branch_hint_value: 0,
        };
        function
            .instruction(&Instruction::If(BlockType::Empty))
            .instruction(&Instruction::Call(self.tick))
            .instruction(&Instruction::End);
        hint
    }
}

/// What a turn of a loop costs, without the loops in it (nothing when another one takes it), and whether it asks for another slice.
struct Turn {
    units: i64,
    asks: bool,
    /// It calls `charge`.
    charges: bool,
    /// The loop that each turn of this one gets to first, straight from its begin.
    first: Option<usize>,
}

/// The loops of a function in the order in which they begin. `charge` is the number of that function.
fn loops(body: &FunctionBody<'_>, charge: Option<u32>) -> wasmparser::Result<Vec<Turn>> {
    let mut turns: Vec<Turn> = Vec::new();
    // Of each block that is open, the number of the loop that it is, if it is one.
    let mut open: Vec<Option<usize>> = Vec::new();
    // The loop of which nothing but a straight stretch has been seen.
    let mut straight: Option<usize> = None;
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        let begins = matches!(operator, Operator::Loop { .. });
        if begins || matches!(operator, Operator::Call { .. } | Operator::CallIndirect { .. }) {
            for number in open.iter().flatten() {
                if let Some(turn) = turns.get_mut(*number) {
                    turn.asks = true;
                    turn.charges |= matches!(operator, Operator::Call { function_index } if Some(function_index) == charge);
                }
            }
        }
        if let Some(turn) = open.iter().rev().flatten().next().and_then(|number| turns.get_mut(*number)) {
            turn.units += 1;
        }
        match operator {
            Operator::Loop { .. } => {
                let number = turns.len();
                if let Some(around) = straight.replace(number).and_then(|around| turns.get_mut(around)) {
                    around.first = Some(number);
                }
                open.push(Some(number));
                turns.push(Turn {
                    units: 1,
                    asks: false,
                    charges: false,
                    first: None,
                });
            }
            // Nothing can branch to the end of a block, past a loop, before it began.
            Operator::Block { .. } => open.push(None),
            Operator::If { .. } => {
                straight = None;
                open.push(None);
            }
            Operator::End => {
                straight = None;
                open.pop();
            }
            Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::Return
            | Operator::Unreachable
            | Operator::Call { .. }
            | Operator::CallIndirect { .. } => straight = None,
            _ => {}
        }
    }
    for turn in turns.iter_mut().filter(|turn| turn.charges) {
        *turn = Turn {
            units: 0,
            first: None,
            ..*turn
        };
    }
    // From the inside out, so that what is handed on is handed on again.
    for number in (0..turns.len()).rev() {
        let Some(Turn {
            units, first: Some(first), ..
        }) = turns.get(number)
        else {
            continue;
        };
        let (units, first) = (*units, *first);
        let mut taker = first;
        while let Some(Turn {
            units: 0,
            first: Some(next),
            ..
        }) = turns.get(taker)
        {
            taker = *next;
        }
        if let Some(turn) = turns.get_mut(taker).filter(|turn| turn.asks) {
            turn.units += units;
            if let Some(turn) = turns.get_mut(number) {
                turn.units = 0;
            }
        }
    }
    Ok(turns)
}
