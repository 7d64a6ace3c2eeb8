//! Python source coloured on the server, so that a cell looks the same before its editor is there. A scanner, not a parser: it knows what
//! colours need.

use crate::output::ansi::escape;

const KEYWORDS: [&str; 32] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for",
    "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
    "yield",
];
const CONSTANTS: [&str; 3] = ["True", "False", "None"];

/// The inside of a `<pre>`: one `<span class="line">` for each line, with tokens in spans whose classes are the editor's.
pub(crate) fn lines(source: &str) -> String {
    let mut out = String::with_capacity(source.len() * 2);
    out.push_str("<span class=\"line\">");
    let mut rest = source;
    let mut before = "";
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest, first);
        let (token, after) = rest.split_at(length);
        write(token, class(token, first, before, after), &mut out);
        if !token.trim().is_empty() {
            before = token;
        }
        rest = after;
    }
    out.push_str("</span>");
    out
}

fn token_length(rest: &str, first: char) -> usize {
    if first == '#' {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if let Some(length) = string_length(rest) {
        return length;
    }
    let run = |wanted: fn(char) -> bool| rest.find(|c| !wanted(c)).unwrap_or(rest.len());
    match first {
        _ if first.is_ascii_digit() => run(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_'),
        _ if first.is_alphabetic() || first == '_' => run(|c| c.is_alphanumeric() || c == '_'),
        ' ' | '\t' => run(|c| c == ' ' || c == '\t'),
        _ => first.len_utf8(),
    }
}

/// Length of the string literal that the text begins with, prefix included.
fn string_length(text: &str) -> Option<usize> {
    // No further than a prefix can be long: this is asked for every token, so a look at the rest would make a long source quadratic.
    let prefix = text.bytes().take(3).position(|byte| matches!(byte, b'"' | b'\''))?;
    let is_prefix = text.get(..prefix)?.chars().all(|c| "rRbBuUfFtT".contains(c));
    if !is_prefix {
        return None;
    }
    let body = text.get(prefix..)?;
    let quote = body.get(..1)?;
    let triple = quote.repeat(3);
    let (mark, is_triple) = if body.starts_with(&triple) {
        (triple.as_str(), true)
    } else {
        (quote, false)
    };
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(mark.len()) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == '\n' && !is_triple {
            return Some(prefix + at);
        } else if body.get(at..).is_some_and(|rest| rest.starts_with(mark)) {
            return Some(prefix + at + mark.len());
        }
    }
    Some(text.len())
}

fn class(token: &str, first: char, before: &str, after: &str) -> Option<&'static str> {
    match first {
        '#' => Some("tok-comment"),
        _ if token.ends_with(['"', '\'']) || string_length(token).is_some() => Some("tok-string"),
        _ if first.is_ascii_digit() => Some("tok-number"),
        _ if KEYWORDS.contains(&token) => Some("tok-keyword"),
        _ if CONSTANTS.contains(&token) => Some("tok-number"),
        _ if (first.is_alphabetic() || first == '_') && (before == "def" || before == "class" || after.starts_with('(')) => {
            Some("tok-name")
        }
        _ => None,
    }
}

/// A token that spans lines closes its colour at each line's end, because a line is an element.
fn write(token: &str, class: Option<&str>, out: &mut String) {
    for (at, piece) in token.split('\n').enumerate() {
        if at > 0 {
            out.push_str("\n</span><span class=\"line\">");
        }
        if piece.is_empty() {
            continue;
        }
        match class {
            Some(class) => {
                out.push_str("<span class=\"");
                out.push_str(class);
                out.push_str("\">");
                escape(piece, out);
                out.push_str("</span>");
            }
            None => escape(piece, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    /// The text that a browser would show.
    fn text(html: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in html.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                _ if !inside => out.push(c),
                _ => {}
            }
        }
        out.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    }

    #[test]
    fn no_character_is_lost_or_added() {
        for source in [
            "",
            "def f(x):\n    return f\"{x}\" # done\n",
            "'''a\nb''' + \"unclosed\nnext = 0x1F",
            "x = 'é\\'ü' if x<1 & y>2 else rb'\\''",
            "\"\"\"never closed\n<script>",
            "🙂 = '🙂'",
        ] {
            assert_eq!(text(&lines(source)), source, "{source}");
        }
    }

    #[test]
    fn tokens_get_their_class() {
        let html = lines("def area(r): return 3.14 * r # pi");
        for part in [
            "<span class=\"tok-keyword\">def</span>",
            "<span class=\"tok-name\">area</span>",
            "<span class=\"tok-number\">3.14</span>",
            "<span class=\"tok-comment\"># pi</span>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn markup_in_source_stays_text() {
        assert!(!lines("\"<img onerror=x>\" <b>").contains("<img"));
    }
}
