//! Reading a specification.

use serde_json::Value;

/// A chart to be drawn.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) title: Option<String>,
    description: Option<String>,
    pub(super) mark: Mark,
    pub(super) x: Channel,
    pub(super) y: Channel,
    /// Names in order of appearance; one unnamed series without a colour channel.
    pub(super) series: Vec<String>,
    pub(super) series_title: String,
    pub(super) points: Vec<Point>,
}

/// How a value is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Bar,
    Line,
    Area,
    Point,
}

/// One axis.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) title: String,
    /// Numbers on a line; otherwise names in order of appearance.
    pub(super) is_linear: bool,
    /// The line begins at zero.
    pub(super) from_zero: bool,
    /// Names are in their own order, not in that of the rows.
    pub(super) is_sorted: bool,
}

/// One row of the data.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) x: Datum,
    pub(super) y: Datum,
    /// Index into the series.
    pub(super) series: usize,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum {
    Number(f64),
    Name(String),
}

impl Datum {
    /// As people read it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Number(number) => super::scale::number(*number),
            Self::Name(name) => name.clone(),
        }
    }

    /// The number, when it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Name(_) => None,
        }
    }
}

impl Spec {
    /// From Vega-Lite JSON. None when it asks for what we do not draw.
    pub(super) fn parse(spec: &Value) -> Option<Self> {
        let mark = mark(spec.get("mark")?)?;
        let rows = spec.get("data")?.get("values")?.as_array()?;
        let encoding = spec.get("encoding")?;
        let (x, x_field) = channel(encoding.get("x")?, rows, mark == Mark::Bar)?;
        let (y, y_field) = channel(encoding.get("y")?, rows, true)?;
        // Something has to measure; bars of numbers over numbers have no width of their own.
        if !(x.is_linear || y.is_linear) {
            return None;
        }
        let color = encoding
            .get("color")
            .and_then(|color| field(color).map(|field| (title(color, &field), field)));
        let mut series: Vec<String> = Vec::new();
        let mut points = Vec::with_capacity(rows.len());
        for row in rows {
            let (Some(at_x), Some(at_y)) = (datum(row.get(&x_field), &x), datum(row.get(&y_field), &y)) else {
                continue;
            };
            let name = color
                .as_ref()
                .map(|(_, field)| row.get(field).map(text).unwrap_or_default())
                .unwrap_or_default();
            let index = series.iter().position(|known| *known == name).unwrap_or_else(|| {
                series.push(name);
                series.len() - 1
            });
            points.push(Point {
                x: at_x,
                y: at_y,
                series: index,
            });
        }
        if points.is_empty() {
            return None;
        }
        Some(Self {
            title: heading(spec.get("title")),
            description: spec.get("description").and_then(Value::as_str).map(str::to_owned),
            mark,
            x,
            y,
            series,
            series_title: color.map(|(title, _)| title).unwrap_or_default(),
            points,
        })
    }

    /// What a screen reader says: the specification's own words, else its maker's, else ours.
    pub(super) fn label(&self, plain: &str) -> String {
        if self.description.is_none() && !plain.is_empty() {
            return plain.to_owned();
        }
        let kind = match self.mark {
            Mark::Bar => "Bar chart",
            Mark::Line => "Line chart",
            Mark::Area => "Area chart",
            Mark::Point => "Scatter plot",
        };
        let title = self.title.as_ref().map(|title| format!("{title}. ")).unwrap_or_default();
        let said = self.description.clone().unwrap_or_else(|| {
            let several = if self.series.len() > 1 {
                format!(", {} series", self.series.len())
            } else {
                String::new()
            };
            format!(
                "{kind} of {} by {}, {} values{several}",
                self.y.title,
                self.x.title,
                self.points.len()
            )
        });
        format!("{title}{said}")
    }
}

fn mark(mark: &Value) -> Option<Mark> {
    match mark.as_str().or_else(|| mark.get("type").and_then(Value::as_str))? {
        "bar" => Some(Mark::Bar),
        "line" => Some(Mark::Line),
        "area" => Some(Mark::Area),
        "point" | "circle" | "square" => Some(Mark::Point),
        _ => None,
    }
}

/// The channel and its field. Aggregates and bins would change the numbers, so they are refused rather than ignored.
fn channel(channel: &Value, rows: &[Value], zero_by_default: bool) -> Option<(Channel, String)> {
    if ["aggregate", "bin", "timeUnit"]
        .iter()
        .any(|key| channel.get(*key).is_some_and(|value| !value.is_null() && value != false))
    {
        return None;
    }
    let field = field(channel)?;
    let is_linear = match channel.get("type").and_then(Value::as_str) {
        Some("quantitative") => true,
        Some("nominal" | "ordinal" | "temporal") => false,
        Some(_) => return None,
        None => rows.iter().filter_map(|row| row.get(&field)).all(Value::is_number),
    };
    let from_zero = channel
        .get("scale")
        .and_then(|scale| scale.get("zero"))
        .and_then(Value::as_bool)
        .unwrap_or(zero_by_default);
    // `"sort": null` is Vega-Lite's way to say: as they come.
    let is_sorted = !channel.get("sort").is_some_and(Value::is_null);
    Some((
        Channel {
            title: title(channel, &field),
            is_linear,
            from_zero,
            is_sorted,
        },
        field,
    ))
}

/// The field's name. Vega-Lite reads dots and brackets as paths unless a backslash stands before them; our rows are flat.
fn field(channel: &Value) -> Option<String> {
    let mut name = String::new();
    let mut escaped = false;
    for c in channel.get("field")?.as_str()?.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            name.push(c);
            escaped = false;
        }
    }
    Some(name)
}

fn title(channel: &Value, field: &str) -> String {
    let given = channel
        .get("title")
        .or_else(|| channel.get("axis").and_then(|axis| axis.get("title")));
    given.and_then(Value::as_str).unwrap_or(field).to_owned()
}

fn heading(title: Option<&Value>) -> Option<String> {
    let title = title?;
    title
        .as_str()
        .or_else(|| title.get("text").and_then(Value::as_str))
        .map(str::to_owned)
}

fn datum(value: Option<&Value>, channel: &Channel) -> Option<Datum> {
    let value = value.filter(|value| !value.is_null())?;
    if channel.is_linear {
        value.as_f64().filter(|number| number.is_finite()).map(Datum::Number)
    } else {
        Some(Datum::Name(text(value)))
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
