//! Drawing. Every colour is a class, every text is escaped, nothing carries a style attribute.

use std::fmt::Write as _;

use super::scale::Scale;
use super::spec::{Channel, Datum, Mark, Point, Spec};
use crate::output::ansi::escape;

/// A drawing's size in its own units, which are CSS pixels at full size.
#[derive(Clone, Copy)]
pub(super) struct Size {
    width: f64,
    height: f64,
}

/// For the page's column.
pub(super) const WIDE: Size = Size { width: 720.0, height: 300.0 };
/// For a phone.
pub(super) const NARROW: Size = Size { width: 340.0, height: 240.0 };
/// Series with a look of their own; more go round.
const SERIES: usize = 6;
/// Lines with at most this many values show each as a dot.
const DOTS: usize = 40;
/// About the width of one character of a label.
const CHARACTER: f64 = 6.8;

/// A finished drawing.
pub(super) struct Drawn {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The inside of the `<svg>`.
    pub(super) svg: String,
}

struct Canvas<'a> {
    spec: &'a Spec,
    x: Scale,
    y: Scale,
    svg: String,
}

/// Draws a chart.
pub(super) fn draw(spec: &Spec, size: Size) -> Drawn {
    let (top, bottom) = (26.0, size.height - 40.0);
    let y = scale(&spec.y, spec, |point| &point.y, 5.0, (bottom, top));
    let widest = y.ticks(16.0).iter().map(|(_, label)| label.chars().count()).max().unwrap_or(1);
    let left = f64::from(u32::try_from(widest).unwrap_or(8)) * CHARACTER + 12.0;
    let right = size.width - 8.0;
    let x = scale(&spec.x, spec, |point| &point.x, (size.width / 110.0).round(), (left, right));
    let mut canvas = Canvas { spec, x, y, svg: String::new() };
    canvas.axes(left, right, top, bottom);
    match spec.mark {
        Mark::Bar => canvas.bars(),
        Mark::Line | Mark::Area => canvas.lines(bottom),
        Mark::Point => canvas.points(),
    }
    Drawn { width: size.width, height: size.height, svg: canvas.svg }
}

/// A legend's sample of one series.
pub(super) fn swatch(mark: Mark, series: usize) -> String {
    let series = series % SERIES;
    match mark {
        Mark::Bar => format!(r#"<rect class="fill-{series}" x="2" y="0" width="12" height="12" rx="2"/>"#),
        Mark::Line => format!(r#"<path class="line-{series}" d="M0 6H16"/>"#),
        Mark::Area => format!(r#"<rect class="area-{series}" x="0" y="2" width="16" height="10"/><path class="line-{series}" d="M0 2H16"/>"#),
        Mark::Point => shape(series, 8.0, 6.0),
    }
}

/// Stacked marks measure sums, so their axis has to reach the largest one.
fn scale(channel: &Channel, spec: &Spec, of: impl Fn(&Point) -> &Datum, ticks: f64, (from, to): (f64, f64)) -> Scale {
    if !channel.is_linear {
        let mut names: Vec<String> = Vec::new();
        for point in &spec.points {
            let name = of(point).text();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        return Scale::Band { names, from, to };
    }
    let own = spec.points.iter().filter_map(|point| of(point).number());
    if spec.mark == Mark::Bar && spec.series.len() > 1 {
        let sums = stacked(spec).into_iter().map(|bar| bar.to);
        return Scale::linear(own.chain(sums), channel.from_zero, ticks, from, to);
    }
    Scale::linear(own, channel.from_zero, ticks, from, to)
}

/// One piece of a bar.
struct Piece<'a> {
    point: &'a Point,
    name: String,
    value: f64,
    from: f64,
    to: f64,
}

/// The pieces of all bars; those of one name stand on each other, positive upward and negative downward.
fn stacked(spec: &Spec) -> Vec<Piece<'_>> {
    let is_upright = spec.y.is_linear;
    let mut tops: Vec<(String, f64, f64)> = Vec::new();
    let mut pieces = Vec::with_capacity(spec.points.len());
    for point in &spec.points {
        let (place, measure) = if is_upright { (&point.x, &point.y) } else { (&point.y, &point.x) };
        let (name, Some(value)) = (place.text(), measure.number()) else { continue };
        if !tops.iter().any(|(known, ..)| *known == name) {
            tops.push((name.clone(), 0.0, 0.0));
        }
        let Some((_, up, down)) = tops.iter_mut().find(|(known, ..)| *known == name) else { continue };
        let top = if value < 0.0 { down } else { up };
        let from = *top;
        *top += value;
        pieces.push(Piece { point, name, value, from, to: *top });
    }
    pieces
}

fn shape(series: usize, x: f64, y: f64) -> String {
    match series % 3 {
        0 => format!(r#"<circle class="dot-{series}" cx="{x:.1}" cy="{y:.1}" r="3.5"/>"#),
        1 => format!(r#"<rect class="dot-{series}" x="{:.1}" y="{:.1}" width="6.4" height="6.4"/>"#, x - 3.2, y - 3.2),
        _ => format!(r#"<path class="dot-{series}" d="M{x:.1} {:.1}l4.2 7.2h-8.4z"/>"#, y - 4.4),
    }
}

impl Canvas<'_> {
    fn axes(&mut self, left: f64, right: f64, top: f64, bottom: f64) {
        for (at, label) in self.y.ticks(16.0) {
            if self.spec.y.is_linear {
                let _ = write!(self.svg, r#"<path class="grid" d="M{left:.1} {at:.1}H{right:.1}"/>"#);
            }
            self.text("tick tick-y", left - 8.0, at + 4.0, &label);
        }
        let ticks = self.x.ticks(0.0);
        let longest = ticks.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(1);
        let room = f64::from(u32::try_from(longest).unwrap_or(8)) * CHARACTER + 10.0;
        for (at, label) in self.x.ticks(room) {
            if self.spec.x.is_linear {
                let _ = write!(self.svg, r#"<path class="grid" d="M{at:.1} {top:.1}V{bottom:.1}"/>"#);
            }
            self.text("tick tick-x", at, bottom + 16.0, &label);
        }
        let _ = write!(self.svg, r#"<path class="axis" d="M{left:.1} {bottom:.1}H{right:.1}"/>"#);
        let (x, y) = (self.spec.x.title.clone(), self.spec.y.title.clone());
        self.text("axis-title axis-title-y", 0.0, 12.0, &y);
        self.text("axis-title axis-title-x", right, bottom + 34.0, &x);
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let _ = write!(self.svg, r#"<text class="{class}" x="{x:.1}" y="{y:.1}">"#);
        escape(text, &mut self.svg);
        self.svg.push_str("</text>");
    }

    fn hint(&self, point: &Point) -> String {
        let mut hint = String::from("<title>");
        if self.spec.series.len() > 1 {
            escape(self.spec.series.get(point.series).map_or("", String::as_str), &mut hint);
            hint.push_str(" · ");
        }
        escape(&format!("{}: {}", point.x.text(), point.y.text()), &mut hint);
        hint.push_str("</title>");
        hint
    }

    fn place(&self, point: &Point) -> (f64, f64) {
        let at = |scale: &Scale, datum: &Datum| match datum {
            Datum::Number(number) => scale.number(*number),
            Datum::Name(name) => scale.name(name),
        };
        (at(&self.x, &point.x), at(&self.y, &point.y))
    }

    fn bars(&mut self) {
        let is_upright = self.spec.y.is_linear;
        let (place, measure) = if is_upright { (self.x.clone(), self.y.clone()) } else { (self.y.clone(), self.x.clone()) };
        // Numbers over numbers have no bands: thin bars at their places.
        let thickness = if place.band() == 0.0 { 6.0 } else { (place.band().abs() * 0.7).clamp(1.0, 64.0) };
        for piece in stacked(self.spec) {
            let (a, b) = (measure.number(piece.from), measure.number(piece.to));
            let middle = match if is_upright { &piece.point.x } else { &piece.point.y } {
                Datum::Number(number) => place.number(*number),
                Datum::Name(_) => place.name(&piece.name),
            };
            let length = (a - b).abs().max(if piece.value == 0.0 { 0.0 } else { 1.0 });
            let (x, y, width, height) = if is_upright {
                (middle - thickness / 2.0, a.min(b), thickness, length)
            } else {
                (a.min(b), middle - thickness / 2.0, length, thickness)
            };
            let (series, hint) = (piece.point.series % SERIES, self.hint(piece.point));
            let _ = write!(
                self.svg,
                r#"<rect class="fill-{series}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="1.5">{hint}</rect>"#
            );
        }
    }

    fn lines(&mut self, bottom: f64) {
        for series in 0..self.spec.series.len() {
            let mut places: Vec<(f64, f64)> = self.spec.points.iter().filter(|point| point.series == series).map(|point| self.place(point)).collect();
            if self.spec.x.is_linear {
                places.sort_by(|a, b| a.0.total_cmp(&b.0));
            }
            let mut path = String::new();
            for (at, (x, y)) in places.iter().enumerate() {
                let _ = write!(path, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
            }
            let look = series % SERIES;
            if self.spec.mark == Mark::Area
                && let (Some((first, _)), Some((last, _))) = (places.first(), places.last())
            {
                let base = if self.spec.y.from_zero { self.y.number(0.0) } else { bottom };
                let _ = write!(self.svg, r#"<path class="area-{look}" d="{path}L{last:.1} {base:.1}L{first:.1} {base:.1}Z"/>"#);
            }
            let _ = write!(self.svg, r#"<path class="line-{look}" d="{path}"/>"#);
        }
        if self.spec.points.len() <= DOTS && self.spec.mark == Mark::Line {
            self.points();
        }
    }

    fn points(&mut self) {
        let spec = self.spec;
        for point in &spec.points {
            let (x, y) = self.place(point);
            let (drawn, hint) = (shape(point.series % SERIES, x, y), self.hint(point));
            let _ = write!(self.svg, "<g>{drawn}{hint}</g>");
        }
    }
}
