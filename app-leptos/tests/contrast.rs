//! Promise: every pair of colours that the style sheets put together can be read, in both themes (WCAG 2.2: text 4.5:1, controls and
//! graphics 3:1). Reads the tokens that ship.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::HashMap;

const TOKENS: &str = include_str!("../style/tokens.css");
/// Places that hold text.
const GROUNDS: [&str; 4] = ["paper", "surface", "sunken", "indigo-soft"];
/// Colours of text.
const TEXTS: [&str; 8] = ["ink", "muted", "indigo", "thread", "ok", "warn", "danger", "info"];
/// Pairs beside the grid of those two.
const OTHER_TEXT: [(&str, &str); 4] = [
    ("on-indigo", "indigo"),
    ("on-indigo", "indigo-strong"),
    ("ink", "selection"),
    ("ink", "danger-soft"),
];

type Theme = HashMap<String, [f64; 3]>;

/// The colour tokens of each theme: the first block is light; each dark block must say the same.
fn themes() -> (Theme, Vec<Theme>) {
    let mut blocks = TOKENS.split(" color-scheme:").skip(1).map(|block| {
        let theme: Theme = block.lines().filter_map(token).collect();
        (block.trim_start().starts_with("dark"), theme)
    });
    let (is_dark, light) = blocks.next().unwrap();
    assert!(!is_dark, "the first block is the light theme");
    (
        light,
        blocks
            .map(|(is_dark, theme)| {
                assert!(is_dark);
                theme
            })
            .collect(),
    )
}

fn token(line: &str) -> Option<(String, [f64; 3])> {
    let (name, value) = line.trim().strip_prefix("--")?.split_once(':')?;
    let hex = value.trim().strip_prefix('#')?.strip_suffix(';')?;
    let channel = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
    Some((name.to_owned(), [channel(0), channel(2), channel(4)]))
}

/// WCAG 2.2, "contrast ratio".
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn too_close(theme: &Theme, pairs: impl Iterator<Item = (String, String)>, least: f64) -> Vec<String> {
    pairs
        .filter_map(|(front, back)| {
            let ratio = contrast(theme[&front], theme[&back]);
            (ratio < least).then(|| format!("{front} on {back}: {ratio:.2}"))
        })
        .collect()
}

fn grid<'a>(fronts: &'a [&'a str], backs: &'a [&'a str]) -> impl Iterator<Item = (String, String)> + 'a {
    fronts
        .iter()
        .flat_map(move |front| backs.iter().map(move |back| ((*front).to_owned(), (*back).to_owned())))
}

#[test]
fn text_can_be_read_everywhere_in_both_themes() {
    let (light, dark) = themes();
    for theme in std::iter::once(&light).chain(&dark) {
        let others = OTHER_TEXT.iter().map(|(front, back)| ((*front).to_owned(), (*back).to_owned()));
        assert_eq!(too_close(theme, grid(&TEXTS, &GROUNDS).chain(others), 4.5), Vec::<String>::new());
    }
}

#[test]
fn controls_and_series_can_be_told_from_their_ground() {
    let (light, dark) = themes();
    let series = [
        "series-0", "series-1", "series-2", "series-3", "series-4", "series-5", "muted", "indigo", "thread",
    ];
    for theme in std::iter::once(&light).chain(&dark) {
        assert_eq!(too_close(theme, grid(&series, &GROUNDS), 3.0), Vec::<String>::new());
    }
}

#[test]
fn the_chosen_and_the_systems_dark_theme_are_one() {
    let (light, dark) = themes();
    assert_eq!(dark.len(), 2);
    assert_eq!(dark[0], dark[1]);
    let names = |theme: &Theme| {
        let mut names: Vec<String> = theme.keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&light), names(&dark[0]), "every colour exists in both themes");
}
