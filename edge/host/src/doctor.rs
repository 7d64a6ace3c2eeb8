//! `selvedge doctor`: checks what `selvedge up` needs, one line each, and changes nothing but an empty data folder's first files.

mod wall;

use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use selvedge_database::Embedded;
use selvedge_ports::Sql;
use selvedge_ports::shapes::Statement;

use crate::cli::Doctor;
use crate::config::{self, Assets};
use crate::data::Data;

/// Check everything; an error when something is wrong.
pub(crate) fn run(arguments: &Doctor) -> Result<()> {
    let assets = Assets::find(&arguments.places)?;
    let root = config::data_dir(&arguments.places)?;
    let mut layers = Vec::new();
    let wall = wall::stand(&assets.worker()).map(|found| layers = found);
    let checks: [(&str, Result<String>); 6] = [
        ("files", assets.check(true).map(|()| assets.component().display().to_string())),
        ("guest images", assets.image_hashes()),
        ("data", Data::open(&root).map(|data| data.root().display().to_string())),
        ("database", database(&root)),
        ("port", port(arguments)),
        ("worker", wall.map(|()| assets.worker().display().to_string())),
    ];
    let mut out = std::io::stdout().lock();
    let mut wrong = 0;
    for (name, found) in checks {
        match found {
            Ok(what) => writeln!(out, "ok     {name}: {what}")?,
            Err(error) => {
                wrong += 1;
                writeln!(out, "wrong  {name}: {error:#}")?;
            }
        }
    }
    wall::describe(&layers, &mut out)?;
    if wrong > 0 {
        bail!("{wrong} of 6 checks failed; each line above says what to do");
    }
    Ok(())
}

fn database(root: &Path) -> Result<String> {
    let path = root.join("selvedge.db");
    if !path.is_file() {
        return Ok("none yet; the first start makes it".to_owned());
    }
    let sql = Arc::new(Embedded::open(&path)?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start a runtime")?;
    let found = runtime.block_on(sql.query(Statement::new("SELECT quick_check AS found FROM pragma_quick_check LIMIT 1", [])));
    let verdict = found.map_err(|error| anyhow::anyhow!("{} cannot be read: {error:?}", path.display()))?;
    match verdict.first().and_then(|row| row.text(0).ok()).as_deref() {
        Some("ok") => Ok(format!("{}, {} KiB", path.display(), std::fs::metadata(&path)?.len() / 1024)),
        verdict => bail!(
            "{} is damaged ({}): put a backup in its place",
            path.display(),
            verdict.unwrap_or("no answer")
        ),
    }
}

fn port(arguments: &Doctor) -> Result<String> {
    match TcpListener::bind((arguments.listen, arguments.port)) {
        Ok(_) => Ok(format!("{} on {} is free", arguments.port, arguments.listen)),
        Err(error) => bail!(
            "{} on {}: {error}; choose another one with --port",
            arguments.port,
            arguments.listen
        ),
    }
}
