//! What happens to a checkpoint while its kernel sleeps.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use crate::lane::{Lane, Tenant};

/// Done to the newest object of a kernel that holds `kept = 41`, then 42, then 43.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Damage {
    how: How,
    /// Where in the object, for those that need it; from the end when negative.
    #[serde(default)]
    at: i64,
    /// What the kernel's next cell may be: the value of `kept`, or the type of the error.
    ends: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    /// Cut off here.
    Cut,
    /// One bit changed here.
    Flip,
    /// One bit changed here, and the hash at the front made to fit.
    FlipAndHash,
    /// Zeros from here on.
    Zero,
    /// Something after the end.
    Append,
    /// The object before it in its place.
    Older,
    /// The newest object of another kernel in its place, under its own name or under this one's.
    Foreign,
    ForeignUnderThisName,
    /// Everything of another kernel, and nothing of its own.
    ForeignFolder,
    /// Garbage, larger than a checkpoint can be.
    Garbage,
    /// Another project's key comes with the order.
    WrongKey,
    /// A folder in its place.
    Folder,
    /// A link to a file of the host.
    Link,
    /// Files with names that are none beside it.
    OddNames,
}

impl Damage {
    pub(crate) async fn run(&self, lane: &Lane) -> Result<()> {
        let (victim, other) = (lane.tenant(), lane.tenant());
        for kept in 41..=43 {
            for tenant in [&victim, &other] {
                let code = format!("{}\nkept = {kept}", tenant.canary.planted("python"));
                lane.cell(&tenant.kernel, &code).await?;
            }
        }
        // The victim was alive; from now on it is asleep.
        lane.kill_the_workers().await?;
        self.damage(lane, &victim, &other)?;
        let mut order = lane.order(Some(&victim.kernel), "print(kept)");
        if matches!(self.how, How::WrongKey) {
            order.seal = selvedge_protocol::order::Seal::from_hex("17".repeat(32));
        }
        let told = lane.run(&order).await?;
        let end = if told.error().is_empty() {
            told.stdout().trim().to_owned()
        } else {
            told.error()
        };
        ensure!(self.ends.contains(&end), "its next cell ends with {end:?}: {:?}", told.outcome);
        let text = crate::lane::shown(&told);
        ensure!(
            !other.canary.is_in(&text) && !text.contains("root:x:0"),
            "it shows what is not its own"
        );
        // It lives on, whatever it remembers, and so does the other one.
        let next = lane.cell(&victim.kernel, "print(40 + 2)").await.context("the kernel afterwards")?;
        ensure!(
            next == "42\n" || matches!(self.how, How::WrongKey),
            "the kernel afterwards: {next:?}"
        );
        let kept = lane.cell(&other.kernel, "print(kept)").await.context("the other kernel")?;
        ensure!(kept == "43\n", "the other kernel has {kept:?}");
        Ok(())
    }

    fn damage(&self, lane: &Lane, victim: &Tenant, other: &Tenant) -> Result<()> {
        let folder = |tenant: &Tenant| lane.node.data().join("kernels").join(&tenant.kernel);
        let (own, foreign) = (folder(victim), folder(other));
        for path in objects(&own)?.iter().chain(&objects(&foreign)?) {
            let bytes = fs::read(path)?;
            ensure!(
                !victim.canary.is_in_bytes(&bytes) && !other.canary.is_in_bytes(&bytes),
                "a checkpoint holds a tenant's pattern in the clear"
            );
        }
        let newest = objects(&own)?.pop().context("the kernel has no checkpoint")?;
        let bytes = fs::read(&newest)?;
        let at = usize::try_from(if self.at < 0 {
            i64::try_from(bytes.len())? + self.at
        } else {
            self.at
        })?
        .min(bytes.len() - 1);
        let changed = match self.how {
            How::Cut => bytes.get(..at).unwrap_or_default().to_vec(),
            How::Flip | How::FlipAndHash => {
                let mut changed = bytes;
                changed[at] ^= 1;
                if matches!(self.how, How::FlipAndHash) {
                    // An attacker knows the format.
                    let hash = blake3::hash(&changed[32..]);
                    changed[..32].copy_from_slice(hash.as_bytes());
                }
                changed
            }
            How::Zero => [bytes.get(..at).unwrap_or_default(), &vec![0; bytes.len() - at]].concat(),
            How::Append => [bytes.as_slice(), b"and more"].concat(),
            How::Garbage => vec![0xA5; 8 << 20],
            How::Older => fs::read(objects(&own)?.iter().nth_back(1).context("there is only one object")?)?,
            How::ForeignUnderThisName => fs::read(objects(&foreign)?.pop().context("no foreign object")?)?,
            How::Foreign => {
                let foreign = objects(&foreign)?.pop().context("no foreign object")?;
                fs::copy(&foreign, own.join(foreign.file_name().unwrap_or_default()))?;
                fs::remove_file(&newest)?;
                return Ok(());
            }
            How::ForeignFolder => {
                fs::remove_dir_all(&own)?;
                fs::create_dir(&own)?;
                for path in objects(&foreign)? {
                    fs::copy(&path, own.join(path.file_name().unwrap_or_default()))?;
                }
                return Ok(());
            }
            How::Folder => {
                fs::remove_file(&newest)?;
                fs::create_dir(&newest)?;
                return Ok(());
            }
            How::Link => {
                fs::remove_file(&newest)?;
                std::os::unix::fs::symlink("/etc/passwd", &newest)?;
                return Ok(());
            }
            How::OddNames => {
                for name in ["99999999999999999999-x", "-", "7", "..-..", "7-zz", "\u{202e}7-1"] {
                    fs::write(own.join(name), b"x")?;
                }
                return Ok(());
            }
            How::WrongKey => return Ok(()),
        };
        fs::set_permissions(&newest, fs::Permissions::from_mode(0o600))?;
        fs::write(&newest, changed)?;
        fs::set_permissions(&newest, fs::Permissions::from_mode(0o400))?;
        Ok(())
    }
}

/// Those of a kernel, oldest first.
fn objects(folder: &Path) -> Result<Vec<PathBuf>> {
    let number = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?;
        name.split('-').next()?.parse::<u64>().ok()
    };
    let mut paths: Vec<_> = fs::read_dir(folder)?
        .map(|entry| anyhow::Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.retain(|path| number(path).is_some());
    paths.sort_by_key(|path| number(path));
    if paths.is_empty() {
        bail!("{} holds no object", folder.display());
    }
    Ok(paths)
}
