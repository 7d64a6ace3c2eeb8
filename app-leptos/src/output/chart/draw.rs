//! Drawing. One SVG that fits any width: labels live in its padding, places are percentages, lines and dots live in a stretched frame whose strokes keep their width, so
//! texts are never scaled. Every colour is a class, every text is escaped, nothing carries a style attribute.

use std::fmt::Write as _;

use super::scale::Scale;
use super::spec::{Channel, Datum, Mark, Point, Spec};
use crate::output::ansi::escape;

/// Series with a look of their own; more go round.
const SERIES: usize = 6;
/// Lines with at most this many values show each as a dot.
const DOTS: usize = 40;
/// Up to this many values say their numbers when pointed at.
const HINTS: usize = 60;
/// Characters of a name that the wide margin has room for.
const NAME_CHARACTERS: usize = 14;

/// A finished drawing.
pub(super) struct Drawn {
    /// Room at the left: names need more than numbers.
    pub(super) class: &'static str,
    /// The inside of the `<svg>`.
    pub(super) svg: String,
}

/// Draws a chart. Scales go from 0 to 100, bottom to top and left to right.
pub(super) fn draw(spec: &Spec) -> Drawn {
    let is_upright = spec.y.is_linear;
    let y = scale(&spec.y, spec, |point| &point.y, 5.0, is_upright);
    let x = scale(&spec.x, spec, |point| &point.x, 6.0, !is_upright);
    let mut canvas = Canvas {
        spec,
        x,
        y,
        svg: String::new(),
    };
    let class = if is_upright { "plot" } else { "plot plot-names" };
    canvas.titles();
    canvas.axes();
    match spec.mark {
        Mark::Bar => canvas.bars(),
        Mark::Line => canvas.lines(),
        Mark::Area => canvas.areas(),
        Mark::Point => canvas.points(),
    }
    Drawn { class, svg: canvas.svg }
}

/// A legend's sample of one series.
pub(super) fn swatch(mark: Mark, series: usize) -> String {
    let look = series % SERIES;
    match mark {
        Mark::Bar => format!(r#"<rect class="fill-{look}" x="2" width="12" height="12" rx="2"/>"#),
        Mark::Line => format!(r#"<path class="line-{look}" d="M0 6H16"/>"#),
        Mark::Area => format!(r#"<rect class="area-{look}" y="2" width="16" height="10"/><path class="line-{look}" d="M0 2H16"/>"#),
        Mark::Point => format!(r#"<path class="dots-{look}" d="M8 6h0"/>"#),
    }
}

/// The scale of a channel. The one that measures begins and ends at round numbers, and where marks are stacked it reaches the largest sum;
/// the other one ends with its values.
fn scale(channel: &Channel, spec: &Spec, of: impl Fn(&Point) -> &Datum, ticks: f64, measures: bool) -> Scale {
    if !channel.is_linear {
        let mut names: Vec<String> = Vec::new();
        for point in &spec.points {
            let name = of(point).text();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if channel.is_sorted {
            names.sort_by(|a, b| match (a.parse::<f64>(), b.parse::<f64>()) {
                (Ok(a), Ok(b)) => a.total_cmp(&b),
                _ => a.cmp(b),
            });
        }
        return Scale::Band { names };
    }
    let own = spec.points.iter().filter_map(|point| of(point).number());
    if measures && matches!(spec.mark, Mark::Bar | Mark::Area) && spec.series.len() > 1 {
        return Scale::linear(own.chain(stacked(spec).into_iter().map(|piece| piece.to)), channel.from_zero, ticks);
    }
    if measures || channel.from_zero || spec.mark == Mark::Point {
        Scale::linear(own, channel.from_zero, ticks)
    } else {
        Scale::tight(own, ticks)
    }
}

/// One piece of a bar, or of an area at one place.
struct Piece<'a> {
    point: &'a Point,
    value: f64,
    from: f64,
    to: f64,
}

/// The pieces of everything; those of one place stand on each other, positive upward and negative downward.
fn stacked(spec: &Spec) -> Vec<Piece<'_>> {
    let mut tops: Vec<(&Datum, f64, f64)> = Vec::new();
    let mut pieces = Vec::with_capacity(spec.points.len());
    for point in &spec.points {
        let (place, measure) = if spec.y.is_linear {
            (&point.x, &point.y)
        } else {
            (&point.y, &point.x)
        };
        let Some(value) = measure.number() else { continue };
        let at = tops.iter().position(|(known, ..)| *known == place).unwrap_or_else(|| {
            tops.push((place, 0.0, 0.0));
            tops.len() - 1
        });
        let Some((_, up, down)) = tops.get_mut(at) else { continue };
        let top = if value < 0.0 { down } else { up };
        let from = *top;
        *top += value;
        pieces.push(Piece {
            point,
            value,
            from,
            to: *top,
        });
    }
    pieces
}

/// A path in the stretched frame, whose sides are 1,000 units long.
fn path(places: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (x, y) in places {
        let _ = write!(
            path,
            "{}{:.1} {:.1}",
            if path.is_empty() { 'M' } else { 'L' },
            x * 10.0,
            1_000.0 - y * 10.0
        );
    }
    path
}

struct Canvas<'a> {
    spec: &'a Spec,
    x: Scale,
    y: Scale,
    svg: String,
}

impl Canvas<'_> {
    /// Above the vertical axis, and under the right end of the horizontal one: in the padding, by their classes.
    fn titles(&mut self) {
        let (x, y) = (self.spec.x.title.clone(), self.spec.y.title.clone());
        self.text("axis-title axis-title-y", ["0", "0"], &y);
        self.text("axis-title axis-title-x", ["100%", "100%"], &x);
    }

    fn axes(&mut self) {
        for (at, label) in self.y.ticks() {
            let top = format!("{:.2}%", 100.0 - at);
            if self.spec.y.is_linear {
                let _ = write!(self.svg, r#"<line class="grid" x2="100%" y1="{top}" y2="{top}"/>"#);
            }
            self.text("tick tick-y", ["-8", &top], &label);
        }
        for (index, (at, label)) in self.x.ticks().into_iter().enumerate() {
            let left = format!("{at:.2}%");
            if self.spec.x.is_linear {
                let _ = write!(self.svg, r#"<line class="grid" x1="{left}" x2="{left}" y2="100%"/>"#);
            }
            // On a phone there is room for every second one.
            self.text(
                if index % 2 == 0 { "tick tick-x" } else { "tick tick-x tick-spare" },
                [&left, "100%"],
                &label,
            );
        }
        self.svg.push_str(r#"<line class="axis" x2="100%" y1="100%" y2="100%"/>"#);
    }

    fn text(&mut self, class: &str, [x, y]: [&str; 2], text: &str) {
        let _ = write!(self.svg, r#"<text class="{class}" x="{x}" y="{y}">"#);
        if text.chars().count() > NAME_CHARACTERS && class.starts_with("tick") {
            let short: String = text.chars().take(NAME_CHARACTERS - 1).chain(['…']).collect();
            escape(&short, &mut self.svg);
        } else {
            escape(text, &mut self.svg);
        }
        self.svg.push_str("</text>");
    }

    /// Drawn in the stretched frame.
    fn stretched(&mut self, paths: &str) {
        let _ = write!(
            self.svg,
            r#"<svg class="plot-frame" viewBox="0 0 1000 1000" preserveAspectRatio="none">{paths}</svg>"#
        );
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
        (self.x.at(&point.x), self.y.at(&point.y))
    }

    fn bars(&mut self) {
        let spec = self.spec;
        let is_upright = spec.y.is_linear;
        for piece in stacked(spec) {
            let (place, measure, at) = if is_upright {
                (&self.x, &self.y, self.x.at(&piece.point.x))
            } else {
                (&self.y, &self.x, self.y.at(&piece.point.y))
            };
            let (low, high) = (measure.number(piece.from.min(piece.to)), measure.number(piece.from.max(piece.to)));
            // Numbers over numbers have no bands: thin bars at their places.
            let thickness = if place.band() == 0.0 { 1.0 } else { place.band() * 0.72 };
            let length = if piece.value == 0.0 { 0.0 } else { (high - low).max(0.3) };
            let (x, y, width, height) = if is_upright {
                (at - thickness / 2.0, 100.0 - low - length, thickness, length)
            } else {
                (low, 100.0 - at - thickness / 2.0, length, thickness)
            };
            let (look, hint) = (piece.point.series % SERIES, self.hint(piece.point));
            let _ = write!(
                self.svg,
                r#"<rect class="fill-{look}" x="{x:.2}%" y="{y:.2}%" width="{width:.2}%" height="{height:.2}%">{hint}</rect>"#
            );
        }
    }

    fn lines(&mut self) {
        let mut paths = String::new();
        for series in 0..self.spec.series.len() {
            let places = self
                .spec
                .points
                .iter()
                .filter(|point| point.series == series)
                .map(|point| self.place(point))
                .collect();
            let _ = write!(
                paths,
                r#"<path class="line-{}" d="{}"/>"#,
                series % SERIES,
                path(self.sorted_by_place(places))
            );
        }
        self.stretched(&paths);
        if self.spec.points.len() <= DOTS {
            self.points();
        } else {
            self.hints();
        }
    }

    /// Each series between where the one below it ends and its own sum.
    fn areas(&mut self) {
        let pieces = stacked(self.spec);
        let mut paths = String::new();
        for series in 0..self.spec.series.len() {
            let edge = |end: fn(&Piece<'_>) -> f64| {
                let own = pieces.iter().filter(|piece| piece.point.series == series);
                self.sorted_by_place(own.map(|piece| (self.x.at(&piece.point.x), self.y.number(end(piece)))).collect())
            };
            let top = path(edge(|piece| piece.to));
            let base = path(edge(|piece| piece.from).into_iter().rev()).replacen('M', "L", 1);
            let _ = write!(
                paths,
                r#"<path class="area-{look}" d="{top}{base}Z"/><path class="line-{look}" d="{top}"/>"#,
                look = series % SERIES
            );
        }
        self.stretched(&paths);
    }

    fn sorted_by_place(&self, mut places: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
        if self.spec.x.is_linear || self.spec.x.is_sorted {
            places.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        places
    }

    /// A dot is a line of no length with a thick round or square end: one path for each series.
    fn points(&mut self) {
        let mut paths = String::new();
        for series in 0..self.spec.series.len() {
            let _ = write!(paths, r#"<path class="dots-{}" d=""#, series % SERIES);
            for (x, y) in self
                .spec
                .points
                .iter()
                .filter(|point| point.series == series)
                .map(|point| self.place(point))
            {
                let _ = write!(paths, "M{:.1} {:.1}h0", x * 10.0, 1_000.0 - y * 10.0);
            }
            paths.push_str(r#""/>"#);
        }
        self.stretched(&paths);
        self.hints();
    }

    /// Unseen places that say their numbers.
    fn hints(&mut self) {
        let spec = self.spec;
        if spec.points.len() > HINTS {
            return;
        }
        for point in &spec.points {
            let ((x, y), hint) = (self.place(point), self.hint(point));
            let _ = write!(
                self.svg,
                r#"<circle class="hint" cx="{x:.2}%" cy="{:.2}%" r="6">{hint}</circle>"#,
                100.0 - y
            );
        }
    }
}
