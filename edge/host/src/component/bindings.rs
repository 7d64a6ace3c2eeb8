//! The host's side of `selvedge:sql` and `selvedge:settings`.

use selvedge_ports::{Settings as _, shapes};
use wasmtime::Result;
use wasmtime::component::{HasData, Linker};

use self::generated::selvedge::settings::settings;
use self::generated::selvedge::sql::{sql, sql_types};
use super::state::State;

mod generated {
    #![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated from wit/, documented there")]
    wasmtime::component::bindgen!({
        path: [
            "../../wit/types/0.1.0",
            "../../wit/sql/0.1.0",
            "../../wit/settings/0.1.0",
            "../../wit/auth/0.1.0",
            "../../wit/workspace/0.1.0",
            "../../wit/billing/0.1.0",
            "../../wit/platform/0.1.0",
        ],
        world: "selvedge:platform/host-ports",
        imports: {
            "selvedge:settings/settings.get": trappable,
            default: async | trappable,
        },
    });
}

/// Where the linker finds the ports in an instance's state.
struct Ports;

impl HasData for Ports {
    type Data<'a> = &'a mut State;
}

/// Offer both ports.
pub(super) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    sql::add_to_linker::<_, Ports>(linker, |state| state)?;
    settings::add_to_linker::<_, Ports>(linker, |state| state)
}

impl settings::Host for State {
    fn get(&mut self, name: String) -> Result<Option<String>> {
        Ok(self.shared.settings.get(&name))
    }
}

impl sql_types::Host for State {}

impl sql::Host for State {
    async fn query(&mut self, statement: sql_types::Statement) -> Result<Result<sql_types::ResultSet, sql_types::SqlError>> {
        let ran = self.shared.sql.query(statement.into()).await;
        Ok(ran.map(Into::into).map_err(Into::into))
    }

    async fn batch(&mut self, statements: Vec<sql_types::Statement>) -> Result<Result<Vec<sql_types::ResultSet>, sql_types::SqlError>> {
        let ran = self.shared.sql.batch(statements.into_iter().map(Into::into).collect()).await;
        Ok(ran.map(|results| results.into_iter().map(Into::into).collect()).map_err(Into::into))
    }
}

impl From<sql_types::Statement> for shapes::Statement {
    fn from(statement: sql_types::Statement) -> Self {
        Self {
            sql: statement.sql,
            args: statement.args.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<shapes::ResultSet> for sql_types::ResultSet {
    fn from(set: shapes::ResultSet) -> Self {
        let rows = set.rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect();
        Self {
            columns: set.columns,
            rows,
            rows_affected: set.rows_affected,
        }
    }
}

impl From<sql_types::Value> for shapes::Value {
    fn from(value: sql_types::Value) -> Self {
        match value {
            sql_types::Value::Null => Self::Null,
            sql_types::Value::Integer(number) => Self::Integer(number),
            sql_types::Value::Real(number) => Self::Real(number),
            sql_types::Value::Text(text) => Self::Text(text),
            sql_types::Value::Blob(bytes) => Self::Blob(bytes),
        }
    }
}

impl From<shapes::Value> for sql_types::Value {
    fn from(value: shapes::Value) -> Self {
        match value {
            shapes::Value::Null => Self::Null,
            shapes::Value::Integer(number) => Self::Integer(number),
            shapes::Value::Real(number) => Self::Real(number),
            shapes::Value::Text(text) => Self::Text(text),
            shapes::Value::Blob(bytes) => Self::Blob(bytes),
        }
    }
}

impl From<shapes::SqlError> for sql_types::SqlError {
    fn from(error: shapes::SqlError) -> Self {
        match error {
            shapes::SqlError::Constraint(text) => Self::Constraint(text),
            shapes::SqlError::Busy => Self::Busy,
            shapes::SqlError::ReadOnly(why) => Self::ReadOnly(why),
            shapes::SqlError::Unavailable(why) => Self::Unavailable(why),
            shapes::SqlError::Invalid(text) => Self::Invalid(text),
        }
    }
}
