//! Numbers with units, as people read them.

/// Thin space between groups of three digits.
const GROUP: char = '\u{202f}';
/// Micro-credits in a credit.
const MICRO: i64 = 1_000_000;

/// `1 234 567`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(GROUP);
        }
        out.push(digit);
    }
    out
}

/// A duration: `8 ms`, `1.24 s`, `2 min 5 s`.
pub(crate) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{:02} s", ms / 1_000, ms % 1_000 / 10),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// Fuel in the largest unit that leaves three digits: `231 k`, `4.21 M`, `1.08 G`.
pub(crate) fn fuel(units: u64) -> String {
    let scaled = |step: u64, letter: char| {
        let hundredths = units / (step / 100);
        match hundredths {
            0..1_000 => format!("{}.{:02} {letter}", hundredths / 100, hundredths % 100),
            1_000..10_000 => format!("{}.{} {letter}", hundredths / 100, hundredths % 100 / 10),
            _ => format!("{} {letter}", grouped(hundredths / 100)),
        }
    };
    match units {
        0..1_000 => units.to_string(),
        1_000..1_000_000 => scaled(1_000, 'k'),
        1_000_000..1_000_000_000 => scaled(1_000_000, 'M'),
        _ => scaled(1_000_000_000, 'G'),
    }
}

/// Bytes in the unit that fits: `512 B`, `2.0 KiB`, `1.4 MiB`.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..1_024 => format!("{count} B"),
        1_024..1_048_576 => format!("{}.{} KiB", count / 1_024, count % 1_024 * 10 / 1_024),
        _ => format!("{}.{} MiB", count / 1_048_576, count % 1_048_576 * 10 / 1_048_576),
    }
}

/// Money exactly, without trailing zeros beyond the second place: `0.00`, `0.000231`, `99.50`. The unit is the word beside it.
pub(crate) fn credits(micro: i64) -> String {
    let sign = if micro < 0 { "−" } else { "" };
    let whole = micro.unsigned_abs() / MICRO.unsigned_abs();
    let mut places = format!("{:06}", micro.unsigned_abs() % MICRO.unsigned_abs());
    while places.len() > 2 && places.ends_with('0') {
        places.pop();
    }
    format!("{sign}{}.{places}", grouped(whole))
}

/// A balance, rounded down to the cent: `99.49`.
pub(crate) fn balance(micro: i64) -> String {
    let cents = micro.div_euclid(MICRO / 100);
    credits(cents * (MICRO / 100))
}

/// `2026-11-20T10:26:34.123Z` → `2026-11-20 10:26`; anything else is shown as it is.
pub(crate) fn minute(rfc3339: &str) -> String {
    match (rfc3339.get(..10), rfc3339.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time}"),
        _ => rfc3339.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_carry_the_unit_that_fits() {
        assert_eq!([duration(8), duration(1_240), duration(125_000)], ["8 ms", "1.24 s", "2 min 5 s"]);
    }

    #[test]
    fn bytes_carry_the_unit_that_fits() {
        assert_eq!([bytes(512), bytes(2_048), bytes(1_500_000)], ["512 B", "2.0 KiB", "1.4 MiB"]);
    }

    #[test]
    fn fuel_keeps_three_digits() {
        assert_eq!(
            [fuel(7), fuel(231_395), fuel(4_210_000), fuel(12_345_678_901)],
            ["7", "231 k", "4.21 M", "12.3 G"]
        );
    }

    #[test]
    fn money_is_exact_and_a_balance_never_shows_more_than_there_is() {
        assert_eq!(
            [credits(0), credits(231), credits(-1_500_000), credits(1_234_567_000_000)],
            ["0.00", "0.000231", "−1.50", "1\u{202f}234\u{202f}567.00"]
        );
        assert_eq!(balance(99_499_999), "99.49");
    }
}
