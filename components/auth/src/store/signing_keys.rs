//! The installation's own signing key.

selvedge_ports::queries! {
    /// Keep this seed, unless there is one.
    propose(seed, now) = "INSERT INTO auth_signing_keys (id, seed, created_at) VALUES (1, ?1, ?2) ON CONFLICT (id) DO NOTHING";

    /// The seed.
    find() = "SELECT seed FROM auth_signing_keys WHERE id = 1";
}
