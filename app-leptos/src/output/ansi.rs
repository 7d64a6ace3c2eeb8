//! Terminal text as HTML: everything escaped, SGR colours (ECMA-48 §8.3.117) as classes, other control sequences dropped, carriage returns
//! applied as a terminal would.

/// Escapes text for HTML content and attributes.
pub(crate) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

/// How text looks at one point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    /// 0–15, as in the sixteen-colour palette.
    colour: Option<u8>,
}

impl Look {
    fn apply(&mut self, parameters: &str) {
        let mut codes = parameters.split([';', ':']).map(|code| code.parse::<u16>().unwrap_or(0));
        while let Some(code) = codes.next() {
            match code {
                0 => *self = Self::default(),
                1 => self.bold = true,
                2 => self.dim = true,
                3 => self.italic = true,
                4 => self.underline = true,
                22 => (self.bold, self.dim) = (false, false),
                23 => self.italic = false,
                24 => self.underline = false,
                30..=37 => self.colour = u8::try_from(code - 30).ok(),
                90..=97 => self.colour = u8::try_from(code - 82).ok(),
                39 => self.colour = None,
                // 38 and 48 carry their colour in what follows; of the large palettes only the first sixteen have a class.
                38 => self.colour = extended(&mut codes).or(self.colour),
                48 => drop(extended(&mut codes)),
                _ => {}
            }
        }
    }

    fn classes(self) -> String {
        let mut classes = Vec::new();
        for (on, class) in [
            (self.bold, "ansi-bold"),
            (self.dim, "ansi-dim"),
            (self.italic, "ansi-italic"),
            (self.underline, "ansi-underline"),
        ] {
            if on {
                classes.push(class.to_owned());
            }
        }
        if let Some(colour) = self.colour {
            classes.push(format!("ansi-{colour}"));
        }
        classes.join(" ")
    }
}

fn extended(codes: &mut impl Iterator<Item = u16>) -> Option<u8> {
    match codes.next() {
        Some(5) => codes.next().and_then(|index| u8::try_from(index).ok()).filter(|index| *index < 16),
        Some(2) => {
            codes.by_ref().take(3).for_each(drop);
            None
        }
        _ => None,
    }
}

/// Text as HTML.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut look = Look::default();
    for line in text.split_inclusive('\n') {
        render(last_written(line), &mut look, &mut out);
    }
    out
}

/// What stays on a line after carriage returns moved back to its beginning.
fn last_written(line: &str) -> &str {
    let body = line.trim_end_matches(['\r', '\n']);
    match body.rfind('\r') {
        Some(at) => line.get(at + 1..).unwrap_or(line),
        None => line,
    }
}

fn render(text: &str, look: &mut Look, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        let (plain, sequence) = rest.split_at(at);
        span(plain, *look, out);
        let after = sequence.get(1..).unwrap_or("");
        rest = match after.strip_prefix('[') {
            Some(control) => match control.find(|c: char| ('@'..='~').contains(&c)) {
                Some(end) => {
                    if control.get(end..=end) == Some("m") {
                        look.apply(control.get(..end).unwrap_or(""));
                    }
                    control.get(end + 1..).unwrap_or("")
                }
                // Cut off in the middle: the rest comes with the next piece, or never.
                None => "",
            },
            None => after,
        };
    }
    span(rest, *look, out);
}

fn span(text: &str, look: Look, out: &mut String) {
    if text.is_empty() {
        return;
    }
    if look == Look::default() {
        escape(text, out);
        return;
    }
    out.push_str("<span class=\"");
    out.push_str(&look.classes());
    out.push_str("\">");
    escape(text, out);
    out.push_str("</span>");
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn markup_in_output_stays_text() {
        assert_eq!(
            html("<img src=x onerror=alert(1)> & \"q\""),
            "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;q&quot;"
        );
    }

    #[test]
    fn colours_become_classes_and_end() {
        assert_eq!(
            html("a\u{1b}[1;31mred\u{1b}[0m b"),
            "a<span class=\"ansi-bold ansi-1\">red</span> b"
        );
        assert_eq!(html("\u{1b}[38;5;12mx\u{1b}[39my"), "<span class=\"ansi-12\">x</span>y");
        assert_eq!(html("\u{1b}[38;2;1;2;3;4mu"), "<span class=\"ansi-underline\">u</span>");
    }

    #[test]
    fn a_colour_lasts_over_lines() {
        assert_eq!(
            html("\u{1b}[32mone\ntwo"),
            "<span class=\"ansi-2\">one\n</span><span class=\"ansi-2\">two</span>"
        );
    }

    #[test]
    fn a_carriage_return_writes_over_the_line() {
        assert_eq!(html("10 %\r50 %\r100 %\nnext\r\n"), "100 %\nnext\r\n");
    }

    #[test]
    fn other_sequences_vanish_even_when_cut_off() {
        assert_eq!(html("a\u{1b}[2Kb\u{1b}[3"), "ab");
    }
}
