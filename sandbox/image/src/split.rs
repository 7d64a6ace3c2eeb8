//! Takes a module apart into code and the memory that it begins with.

use crate::build::BuildError;
use wasm_encoder::{Module, RawSection};
use wasmparser::{Data, DataKind, Operator, Parser, Payload};

/// The two halves of a guest.
pub(crate) struct Split {
    /// The module without its data.
    pub(crate) code: Vec<u8>,
    /// What its memory holds at first, as long as that memory is.
    pub(crate) memory: Vec<u8>,
}

/// Splits `wasm`, whose memory has `pages` pages. An instance's memory and its mutable globals must be all that it can change, or checkpoints would
/// not hold it all: a module that changes tables or segments is refused.
pub(crate) fn split(wasm: &[u8], pages: u64) -> Result<Split, BuildError> {
    let len = usize::try_from(pages << 16).map_err(|error| BuildError::Refused(error.to_string()))?;
    let mut memory = vec![0; len];
    let mut code = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(refused)?;
        match (&payload, payload.as_section()) {
            (Payload::DataSection(segments), _) => {
                for segment in segments.clone() {
                    place(&segment.map_err(refused)?, &mut memory)?;
                }
            }
            (Payload::DataCountSection { .. }, _) | (_, None) => {}
            (_, Some((id, range))) => {
                let data = wasm.get(range).unwrap_or_default();
                code.section(&RawSection { id, data });
            }
        }
        if let Payload::CodeSectionEntry(body) = &payload {
            for operator in body.get_operators_reader().map_err(refused)? {
                only_memory_changes(&operator.map_err(refused)?)?;
            }
        }
    }
    Ok(Split {
        code: code.finish(),
        memory,
    })
}

fn place(segment: &Data<'_>, memory: &mut [u8]) -> Result<(), BuildError> {
    // What initialising a module leaves of its first data.
    if segment.data.is_empty() {
        return Ok(());
    }
    let DataKind::Active {
        memory_index: 0,
        offset_expr,
    } = &segment.kind
    else {
        return Err(BuildError::Refused("it has data that it places itself".to_owned()));
    };
    let mut operators = offset_expr.get_operators_reader();
    let Operator::I32Const { value } = operators.read().map_err(refused)? else {
        return Err(BuildError::Refused("it has data whose place is not a constant".to_owned()));
    };
    let at = value.cast_unsigned() as usize;
    memory
        .get_mut(at..)
        .and_then(|rest| rest.get_mut(..segment.data.len()))
        .ok_or_else(|| BuildError::Refused("it has data beyond the end of its memory".to_owned()))?
        .copy_from_slice(segment.data);
    Ok(())
}

fn only_memory_changes(operator: &Operator<'_>) -> Result<(), BuildError> {
    let what = match operator {
        Operator::TableSet { .. }
        | Operator::TableGrow { .. }
        | Operator::TableFill { .. }
        | Operator::TableCopy { .. }
        | Operator::TableInit { .. }
        | Operator::ElemDrop { .. } => "a table",
        Operator::MemoryInit { .. } | Operator::DataDrop { .. } => "data segments",
        _ => return Ok(()),
    };
    Err(BuildError::Refused(format!(
        "its code changes {what}, which checkpoints do not hold"
    )))
}

fn refused(error: wasmparser::BinaryReaderError) -> BuildError {
    BuildError::Refused(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, ConstExpr, DataCountSection, DataSection, Function, FunctionSection, Instruction, MemorySection, MemoryType, RefType,
        TableSection, TableType, TypeSection,
    };

    /// One page, with `segments`, and a function that does `instructions`.
    fn module(segments: &DataSection, instructions: &[Instruction<'_>]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum: 1,
            maximum: None,
            table64: false,
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut body = Function::new([]);
        for instruction in instructions {
            body.instruction(instruction);
        }
        body.instructions().end();
        let mut code = CodeSection::new();
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&tables).section(&memories);
        module
            .section(&DataCountSection { count: segments.len() })
            .section(&code)
            .section(segments);
        module.finish()
    }

    #[test]
    fn data_becomes_memory_and_leaves_the_code() {
        let mut segments = DataSection::new();
        segments.active(0, &ConstExpr::i32_const(5), *b"hello");
        segments.active(0, &ConstExpr::i32_const(65_535), *b"!");
        let whole = module(&segments, &[]);
        wasmparser::validate(&whole).unwrap();
        let split = split(&whole, 1).unwrap();
        assert_eq!(
            (split.memory.len(), &split.memory[4..11], split.memory[65_535]),
            (65_536, &b"\0hello\0"[..], b'!')
        );
        wasmparser::validate(&split.code).unwrap();
        assert!(
            !Parser::new(0)
                .parse_all(&split.code)
                .any(|payload| matches!(payload, Ok(Payload::DataSection(_))))
        );
    }

    #[test]
    fn what_checkpoints_cannot_hold_is_refused() {
        let none = DataSection::new();
        let set = [
            Instruction::I32Const(0),
            Instruction::RefNull(wasm_encoder::HeapType::FUNC),
            Instruction::TableSet(0),
        ];
        assert!(matches!(split(&module(&none, &set), 1), Err(BuildError::Refused(reason)) if reason.contains("a table")));
        let mut passive = DataSection::new();
        passive.passive(*b"x");
        assert!(split(&module(&passive, &[]), 1).is_err());
        let mut beyond = DataSection::new();
        beyond.active(0, &ConstExpr::i32_const(65_535), *b"xy");
        assert!(split(&module(&beyond, &[]), 1).is_err());
    }
}
