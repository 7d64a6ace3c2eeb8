//! Projects, notebooks, cells and runs.
