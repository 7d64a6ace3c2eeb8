use crate::instance::Instance;
use std::sync::{Mutex, PoisonError};

/// Instances between two kernels. Their memory holds what the image holds, but the pages that cells write first are there already: taking such an
/// instance instead of a new one saves a hundred page faults, most of what a short cell costs.
#[derive(Default)]
pub(crate) struct Resting(Mutex<Vec<Instance>>);

impl Resting {
    const COUNT_MAX: usize = 32;

    /// The instance that rested the shortest: its memory is most likely still in the processor's caches.
    pub(crate) fn wake(&self) -> Option<Instance> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Keeps an instance that is as good as new, unless there are enough.
    pub(crate) fn keep(&self, instance: Instance) {
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if resting.len() < Self::COUNT_MAX {
            resting.push(instance);
        }
    }
}
