//! Our host ports on Spin's interfaces.
