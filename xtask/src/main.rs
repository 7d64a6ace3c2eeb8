//! Sets up, builds, starts, tests and packages the project.

fn main() {}
