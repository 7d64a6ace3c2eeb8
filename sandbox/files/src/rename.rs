use crate::files::{Files, is_packaged};
use crate::refusal::Refusal;
use crate::tree::NodeId;
use selvedge_protocol::limits::PATH_DEPTH_MAX;

impl Files {
    /// Gives a file or directory another place; what is there already is replaced, a directory only if it is empty.
    ///
    /// # Errors
    /// As `rename(2)`.
    pub fn rename(&mut self, from: (u32, &[u8]), to: (u32, &[u8]), now: u64) -> Result<(), Refusal> {
        let old = self.steps(self.directory(from.0)?, from.1)?;
        let new = self.steps(self.directory(to.0)?, to.1)?;
        let (Some(_), Some(name)) = (old.name, new.name) else {
            return Err(Refusal::Busy);
        };
        let id = old.existing()?;
        self.removable(id)?;
        if is_packaged(new.parent) {
            return Err(Refusal::ReadOnly);
        }
        let is_directory = self.node(id)?.is_directory();
        if !is_directory && (old.wants_directory || new.wants_directory) {
            return Err(Refusal::NotDirectory);
        }
        if is_directory && self.is_inside(new.parent, id) {
            return Err(Refusal::Invalid);
        }
        if let Some(there) = new.node {
            if there == id {
                return Ok(());
            }
            self.removable(there)?;
            if self.is_inside(old.parent, there) {
                return Err(Refusal::NotEmpty);
            }
            match (is_directory, self.tree_of(there).directory(there)) {
                (true, None) => return Err(Refusal::NotDirectory),
                (false, Some(_)) => return Err(Refusal::IsDirectory),
                (true, Some(directory)) if !directory.by_name.is_empty() => return Err(Refusal::NotEmpty),
                _ => {}
            }
        }
        if !self.node(new.parent)?.linked {
            return Err(Refusal::NotFound);
        }
        let tree = &self.state.tree;
        if tree.depth(new.parent) + 1 + tree.height(id) > PATH_DEPTH_MAX {
            return Err(Refusal::NameTooLong);
        }
        if let Some(there) = new.node {
            self.unlink(there, now);
        }
        self.tree().unlink(id, now);
        self.tree().link(id, new.parent, name, now);
        Ok(())
    }

    /// Whether `node` is `directory` or somewhere below it.
    fn is_inside(&self, mut node: NodeId, directory: NodeId) -> bool {
        loop {
            if node == directory {
                return true;
            }
            match self.above(node) {
                Ok(above) if above != node => node = above,
                _ => return false,
            }
        }
    }
}
