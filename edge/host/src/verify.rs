//! `selvedge verify`: whether a receipt is signed, and whether the run comes out the same again. Nothing is asked of the network.

mod rerun;
mod signature;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use selvedge_engine::Image;
use selvedge_protocol::LANGUAGES;

use crate::cli::{Places, Verify};
use crate::config::Assets;

/// Check it and say what was found. Everything that does not hold is an error of its own.
pub(crate) fn run(arguments: &Verify) -> Result<()> {
    let receipt = signature::checked(&text(&arguments.receipt)?, &text(&arguments.keys)?)?;
    let code = text(&arguments.subject)?;
    let stdin = arguments.stdin.as_deref().map(text).transpose()?;
    selvedge_receipt::about(&receipt, &code, stdin.as_deref())?;
    if let Some(start) = &receipt.start {
        bail!(
            "this run began with what earlier runs of its kernel had left (state {start}); only runs that began afresh can be checked from files"
        );
    }
    if !LANGUAGES.contains(&receipt.language.as_str()) {
        bail!("the receipt's language {:?} is not known here", receipt.language);
    }
    let assets = Assets::find(&Places {
        data: None,
        assets: arguments.assets.clone(),
    })?;
    let images = arguments.image.clone().unwrap_or_else(|| assets.images());
    let image = Image::open(&images.join(&receipt.language)).with_context(|| format!("no image of {} can be opened", receipt.language))?;
    if image.hash() != receipt.image {
        bail!(
            "the image is not the receipt's: it has {}, this installation has {}; install the version of Selvedge that ran it",
            receipt.image,
            image.hash()
        );
    }
    let again = rerun::again(&assets.worker(), &images, &receipt, code, stdin, arguments.wall)?;
    selvedge_receipt::compare(&receipt, &again)?;
    Ok(writeln!(
        std::io::stdout(),
        "ok     {}: signed, and run again it came out the same: {:?} with {} fuel, output {}",
        receipt.run,
        receipt.status,
        receipt.fuel,
        receipt.output
    )?)
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}
