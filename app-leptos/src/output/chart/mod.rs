//! Charts: the part of Vega-Lite 6 that a table of values needs, drawn as SVG here. Colours are the page's tokens, by class.
//!
//! Marks `bar`, `line`, `area`, `point` (`circle`, `square`); channels `x`, `y`, `color`; `data.values` inline; `title`, `description`.
//! What asks for more shows its text instead.

mod draw;
mod scale;
mod spec;

use leptos::prelude::*;
use serde_json::Value;

use super::ansi::escape;
use spec::Spec;

/// Rows listed under the chart.
const ROWS_LISTED: usize = 500;

/// A figure with the chart, its legend and its data; `plain` is what its maker says about it in words. None when the specification asks for what we do not draw.
pub(super) fn chart(content: &Value, plain: &str) -> Option<AnyView> {
    let spec = Spec::parse(content)?;
    let label = spec.label(plain);
    let drawn = draw::draw(&spec);
    let legend = (spec.series.len() > 1).then(|| {
        let entries = spec.series.iter().enumerate().map(|(at, name)| {
            let swatch = draw::swatch(spec.mark, at);
            view! { <li><svg class="swatch" viewBox="0 0 16 12" width="16" height="12" aria-hidden="true" inner_html=swatch></svg>{name.clone()}</li> }
        });
        view! { <ul class="legend">{entries.collect_view()}</ul> }
    });
    let title = spec.title.clone().map(|title| view! { <figcaption>{title}</figcaption> });
    Some(view! { <figure class="chart">{title}{legend}<svg class=drawn.class role="img" aria-label=label inner_html=drawn.svg></svg>{listing(&spec)}</figure> }.into_any())
}

/// The same values as a table, for whoever cannot see the chart or wants the numbers.
fn listing(spec: &Spec) -> impl IntoView + use<> {
    let mut names = vec![spec.x.title.clone(), spec.y.title.clone()];
    if spec.series.len() > 1 {
        names.insert(0, spec.series_title.clone());
    }
    let head = names.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    // As text: hundreds of rows of views would cost more than the chart.
    let mut rows = String::new();
    for point in spec.points.iter().take(ROWS_LISTED) {
        rows.push_str("<tr>");
        let series = (spec.series.len() > 1).then(|| spec.series.get(point.series).cloned().unwrap_or_default());
        for cell in series.into_iter().chain([point.x.text(), point.y.text()]) {
            rows.push_str("<td>");
            escape(&cell, &mut rows);
            rows.push_str("</td>");
        }
        rows.push_str("</tr>");
    }
    view! {
        <details class="chart-data">
            <summary>"Data"</summary>
            <div class="table-scroll" tabindex="0" role="group" aria-label="Chart data">
                <table class="table"><thead><tr>{head}</tr></thead><tbody inner_html=rows></tbody></table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn html(spec: &Value) -> Option<String> {
        Owner::new_root(None).with(|| chart(spec, "").map(RenderHtml::to_html))
    }

    fn bars() -> Value {
        json!({
            "mark": "bar", "title": "Rain",
            "data": {"values": [{"m": "Jan", "mm": 40}, {"m": "Feb", "mm": 25}]},
            "encoding": {"x": {"field": "m", "type": "nominal"}, "y": {"field": "mm", "type": "quantitative", "title": "millimetres"}},
        })
    }

    #[test]
    fn a_chart_has_a_title_a_description_and_its_numbers() {
        let html = html(&bars()).unwrap();
        assert!(html.contains("<figcaption>Rain</figcaption>"));
        assert!(html.contains("role=\"img\"") && html.contains("Bar chart"), "{html}");
        assert!(html.contains("<td>Feb</td><td>25</td>"), "{html}");
    }

    #[test]
    fn markup_in_data_stays_text() {
        let mut spec = bars();
        spec["data"]["values"][0]["m"] = "<script>x</script>".into();
        assert!(!html(&spec).unwrap().contains("<script"));
    }

    #[test]
    fn there_is_no_inline_style_for_the_policy_to_refuse() {
        assert!(!html(&bars()).unwrap().contains("style="));
    }

    #[test]
    fn what_we_cannot_draw_is_refused() {
        for spec in [
            json!({}),
            json!({"mark": "geoshape"}),
            json!({"mark": "bar", "data": {"url": "https://example.org"}}),
        ] {
            assert_eq!(html(&spec), None);
        }
    }
}
