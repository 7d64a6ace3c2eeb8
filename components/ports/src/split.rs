//! Cuts a migration file into statements, by the rule that SQLite's own `sqlite3_complete` uses.

/// The statements of `text` in order, each with its closing `;` and without what stands before it. Semicolons inside quotes, comments and
/// trigger bodies do not cut: a trigger ends at `END;` that follows a `;`, so a `CASE … END;` inside its body does not end it.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = skip_blank(rest);
        let end = statement_end(rest);
        let (statement, after) = rest.split_at_checked(end)?;
        rest = after;
        (!statement.is_empty()).then(|| statement.trim_end())
    })
}

/// What a statement is made of, as far as its end is concerned.
enum Token<'a> {
    Semicolon,
    Word(&'a str),
    Blank,
    Other,
}

/// The first token of `text` and its length in bytes; none at the end. What is left open (a quote, a comment) reaches to the end.
fn token(text: &str) -> Option<(Token<'_>, usize)> {
    let until = |from: usize, end: &str| {
        text.get(from..)
            .and_then(|inner| inner.find(end))
            .map_or(text.len(), |at| from + at + end.len())
    };
    let first = text.chars().next()?;
    Some(match first {
        ';' => (Token::Semicolon, 1),
        '\'' => (Token::Other, until(1, "'")),
        '"' => (Token::Other, until(1, "\"")),
        '`' => (Token::Other, until(1, "`")),
        '[' => (Token::Other, until(1, "]")),
        '-' if text.starts_with("--") => (Token::Blank, until(2, "\n")),
        '/' if text.starts_with("/*") => (Token::Blank, until(2, "*/")),
        c if c.is_whitespace() => (Token::Blank, c.len_utf8()),
        c if c.is_alphabetic() || c == '_' => {
            let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
            (Token::Word(text.get(..end)?), end)
        }
        c => (Token::Other, c.len_utf8()),
    })
}

fn skip_blank(mut text: &str) -> &str {
    while let Some((Token::Blank | Token::Semicolon, length)) = token(text) {
        text = text.get(length..).unwrap_or("");
    }
    text
}

fn statement_end(text: &str) -> usize {
    let mut at = 0;
    // The words that tell a trigger: CREATE, perhaps TEMP, TRIGGER.
    let mut words = 0;
    let mut trigger = false;
    // In a trigger: 1 after `;`, 2 after `; END`.
    let mut closing = 0;
    while let Some((token, length)) = text.get(at..).and_then(token) {
        at += length;
        match token {
            Token::Blank => {}
            Token::Semicolon if !trigger || closing == 2 => return at,
            Token::Semicolon => closing = 1,
            Token::Word(word) => {
                words += 1;
                trigger |= match words {
                    2 | 3 => word.eq_ignore_ascii_case("TRIGGER") && starts_with_create(text),
                    _ => false,
                };
                closing = if closing == 1 && word.eq_ignore_ascii_case("END") { 2 } else { 0 };
            }
            Token::Other => {
                words += 1;
                closing = 0;
            }
        }
    }
    at
}

fn starts_with_create(text: &str) -> bool {
    matches!(token(text), Some((Token::Word(word), _)) if word.eq_ignore_ascii_case("CREATE"))
}

#[cfg(test)]
mod tests {
    use super::split;

    fn parts(text: &str) -> Vec<&str> {
        split(text).collect()
    }

    #[test]
    fn a_trigger_stays_whole_also_with_case_inside() {
        let text = "-- why\nCREATE TABLE a (x);\nCREATE TRIGGER t BEFORE UPDATE ON a BEGIN\n  SELECT CASE WHEN 1 THEN 2 END;\n  SELECT 1;\nEND;\nCREATE INDEX i ON a (x);\n";
        let found = parts(text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found[1].starts_with("CREATE TRIGGER") && found[1].ends_with("SELECT 1;\nEND;"),
            "{found:?}"
        );
    }

    #[test]
    fn case_and_temp_and_spacing_of_a_trigger_do_not_matter() {
        for head in [
            "create trigger",
            "CREATE  \n TRIGGER",
            "CREATE TEMP TRIGGER",
            "create/* c */temporary -- x;\n trigger",
        ] {
            let text = format!("{head} t AFTER INSERT ON a BEGIN SELECT 1; END; SELECT 2;");
            assert_eq!(parts(&text).len(), 2, "{text}");
        }
    }

    #[test]
    fn semicolons_in_quotes_and_comments_do_not_cut() {
        let text = "CREATE TABLE a (x TEXT DEFAULT ';', \"y;\" TEXT, [z;] TEXT, `w;` TEXT, -- why; because\n v TEXT /* ; */ DEFAULT 'it''s;');\nSELECT 1;";
        assert_eq!(parts(text).len(), 2, "{:?}", parts(text));
    }

    #[test]
    fn a_table_about_triggers_is_not_a_trigger() {
        assert_eq!(parts("CREATE TABLE trigger_log (x); SELECT 1;").len(), 2);
        assert_eq!(parts("INSERT INTO trigger VALUES (1); SELECT 1;").len(), 2);
        assert_eq!(parts("CREATE TABLE \"trigger\" (x); SELECT 1;").len(), 2);
    }

    #[test]
    fn nothing_gives_nothing() {
        for text in ["", " \r\n\t", "-- only a comment", "/* open", ";;\n;", "-- a\n-- b;\n"] {
            assert!(parts(text).is_empty(), "{text:?} {:?}", parts(text));
        }
    }

    #[test]
    fn the_last_statement_needs_no_semicolon_and_lines_may_end_with_crlf() {
        assert_eq!(parts("SELECT 1;\r\nSELECT 2"), ["SELECT 1;", "SELECT 2"]);
        assert_eq!(parts("SELECT 'open; quote"), ["SELECT 'open; quote"]);
    }

    #[test]
    fn text_outside_ascii_is_kept() {
        assert_eq!(parts("SELECT 'grüße; 漢字'; SELECT ünï;"), ["SELECT 'grüße; 漢字';", "SELECT ünï;"]);
    }
}
