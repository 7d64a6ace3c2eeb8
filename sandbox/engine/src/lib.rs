//! Instances, limits and checkpoints of guests.
