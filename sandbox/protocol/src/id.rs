//! Ids as the edge makes them: a prefix, an underscore and 32 hexadecimal digits. A node uses them as file names, so it takes no others.

/// Is this a run's id (`run_…`)?
pub fn is_run(id: &str) -> bool {
    has_form(id, "run_")
}

/// Is this a kernel's id (`krn_…`)?
pub fn is_kernel(id: &str) -> bool {
    has_form(id, "krn_")
}

/// Is this a project's id (`prj_…`)?
pub fn is_project(id: &str) -> bool {
    has_form(id, "prj_")
}

fn has_form(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix)
        .is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_the_edges_form_can_become_file_names() {
        let good = format!("run_{}", "0a".repeat(16));
        assert!(is_run(&good) && !is_kernel(&good));
        for bad in [
            "",
            "run_",
            "run_..",
            "../run_",
            "run_/etc/passwd",
            &good[1..],
            &format!("{good}0"),
            &good.to_uppercase(),
        ] {
            assert!(!is_run(bad), "{bad}");
        }
    }
}
