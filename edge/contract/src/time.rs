//! Times on the wire: RFC 3339, UTC, with milliseconds.

const DAY_MS: u64 = 86_400_000;
/// 9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can write.
const LAST_MS: u64 = 253_402_300_799_999;

/// `2026-11-20T10:17:00.000Z` for milliseconds since the Unix epoch. Later than the year 9999 is written as its last instant.
pub fn rfc3339(ms: u64) -> String {
    let ms = ms.min(LAST_MS);
    let (year, month, day) = civil(ms / DAY_MS);
    let rest = ms % DAY_MS;
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        rest % 1_000
    )
}

/// Milliseconds since the Unix epoch for an RFC 3339 time; none for anything else, for dates before 1970 and for leap seconds.
/// Digits after the milliseconds are dropped.
pub fn parse_rfc3339(text: &str) -> Option<u64> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let mut date = date.splitn(3, '-');
    let year = digits(date.next()?, 4, 9_999)?;
    let month = digits(date.next()?, 2, 12)?;
    let day = digits(date.next()?, 2, 31)?;
    let (clock, offset_minutes) = split_offset(time)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut clock = clock.splitn(3, ':');
    let hour = digits(clock.next()?, 2, 23)?;
    let minute = digits(clock.next()?, 2, 59)?;
    let second = digits(clock.next()?, 2, 59)?;
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let days = days(year, month, day)?;
    let local = i64::try_from(days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1_000 + millis).ok()?;
    u64::try_from(local - offset_minutes * 60_000).ok()
}

/// The clock part, and the offset from UTC in minutes.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (clock, offset) = time.split_at_checked(at)?;
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let minutes = i64::try_from(digits(hours, 2, 23)? * 60 + digits(minutes, 2, 59)?).ok()?;
    Some((clock, if offset.starts_with('-') { -minutes } else { minutes }))
}

fn digits(text: &str, length: usize, max: u64) -> Option<u64> {
    let number = (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())??;
    (number <= max).then_some(number)
}

/// Days since the epoch to year, month and day (Howard Hinnant's `civil_from_days`, for days that are not negative).
const fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

/// Year, month and day to days since the epoch; none before 1970 and for days that the month does not have.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let from_march = if month <= 2 { year.checked_sub(1)? } else { year };
    let march_month = if month > 2 { month.checked_sub(3)? } else { month + 9 };
    let year_of_era = from_march % 400;
    let day_of_year = (153 * march_month + 2) / 5 + day.checked_sub(1)?;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = (from_march / 400 * 146_097 + day_of_era).checked_sub(719_468)?;
    (civil(days) == (year, month, day)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::{parse_rfc3339, rfc3339};

    #[test]
    fn known_instants_are_written_and_read_back() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (1_795_169_820_001, "2026-11-20T10:17:00.001Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339(ms), text);
            assert_eq!(parse_rfc3339(text), Some(ms));
        }
    }

    #[test]
    fn every_day_of_four_centuries_survives_the_round_trip() {
        for day in 0..146_097_u64 {
            let ms = day * 86_400_000;
            assert_eq!(parse_rfc3339(&rfc3339(ms)), Some(ms));
        }
    }

    #[test]
    fn offsets_and_long_fractions_are_understood() {
        assert_eq!(parse_rfc3339("1970-01-01T02:00:00+02:00"), Some(0));
        assert_eq!(parse_rfc3339("1970-01-01t23:30:00.5-00:30"), Some(86_400_500));
        assert_eq!(parse_rfc3339("1970-01-01T00:00:00.123456789Z"), Some(123));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026-11-20",
            "2026-11-20T10:17:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T10:60:00Z",
            "2026-11-20T10:17:60Z",
            "2026-11-20T10:17:00.Z",
            "2026-11-20T10:17:00.1xZ",
            "1969-12-31T23:59:59Z",
            "+026-11-20T10:17:00Z",
            "2026-11-20T10:17:00+2:00",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }
}
