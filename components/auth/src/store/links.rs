//! One-time sign-in links.

selvedge_ports::queries! {
    /// A link.
    insert(code_hash, principal, now, expires_at) =
        "INSERT INTO auth_links (code_hash, principal, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)";

    /// Trade a link that is still good for this sign-in session.
    spend(code_hash, sign_in, now) =
        "UPDATE auth_links SET used_for = ?2 WHERE code_hash = ?1 AND used_for IS NULL AND expires_at > ?3";
}
