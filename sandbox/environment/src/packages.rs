use crate::SITE_PACKAGES;
use crate::refusal::Refusal;
use crate::wheel::Wheel;
use selvedge_files::Tree;
use std::collections::BTreeMap;

/// Unpacked packages, ready for an image.
#[derive(Clone, Debug, Default)]
pub struct Packages {
    files: BTreeMap<String, Vec<u8>>,
    names: Vec<(String, String)>,
    modules: Vec<String>,
}

impl Packages {
    /// Puts a wheel's files beside those that are there.
    ///
    /// # Errors
    /// `Twice`: another package has a file of the same path, also in other letters, that is not the same.
    pub fn install(&mut self, wheel: Wheel) -> Result<(), Refusal> {
        self.modules.extend(wheel.modules().map(str::to_owned));
        for (path, bytes) in wheel.files {
            let place = format!("{SITE_PACKAGES}/{path}");
            let other = self.files.iter().find(|(there, _)| there.eq_ignore_ascii_case(&place));
            if other.is_some_and(|(there, same)| *there != place || *same != bytes) {
                return Err(Refusal::Twice(path));
            }
            self.files.insert(place, bytes);
        }
        self.names.push((wheel.name, wheel.version));
        Ok(())
    }

    /// Names and versions, in the order of installing.
    #[must_use]
    pub fn names(&self) -> &[(String, String)] {
        &self.names
    }

    /// What can be imported of them, at the top.
    #[must_use]
    pub fn modules(&self) -> &[String] {
        &self.modules
    }

    /// What kernels see below `/environment`.
    ///
    /// # Errors
    /// `Twice`: a path of one package is a folder of another.
    pub fn tree(&self) -> Result<Tree, Refusal> {
        Tree::environment(self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))).map_err(Refusal::Twice)
    }
}
