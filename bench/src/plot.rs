//! Grouped horizontal bars as SVG text.

/// Bars that belong together, under one heading.
pub(crate) struct Group {
    pub(crate) heading: String,
    pub(crate) bars: Vec<(&'static str, f64)>,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 110.0;
const RIGHT: f64 = 100.0;
const BAR: f64 = 18.0;

/// An SVG document of `groups`; every bar carries its name and its value in `unit`.
pub(crate) fn bars(title: &str, unit: &str, groups: &[Group]) -> String {
    let most = groups
        .iter()
        .flat_map(|group| &group.bars)
        .map(|(_, value)| *value)
        .fold(f64::MIN_POSITIVE, f64::max);
    let mut body = String::new();
    let mut y = 30.0;
    for group in groups {
        y += 24.0;
        body.push_str(&text(8.0, y, "bold", "start", &group.heading));
        y += 8.0;
        for (name, value) in &group.bars {
            let width = (value / most * (WIDTH - LEFT - RIGHT)).max(1.0);
            body.push_str(&text(LEFT - 6.0, y + 13.0, "normal", "end", name));
            body.push_str(&format!(
                "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\" fill=\"{}\"/>\n",
                BAR - 4.0,
                colour(name)
            ));
            body.push_str(&text(LEFT + width + 5.0, y + 13.0, "normal", "start", &shown(*value)));
            y += BAR;
        }
    }
    let height = y + 14.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{}{body}</svg>\n",
        text(8.0, 22.0, "bold", "start", &format!("{title} ({unit})"))
    )
}

/// Three significant digits, the way a person writes them.
pub(crate) fn shown(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn text(x: f64, y: f64, weight: &str, anchor: &str, content: &str) -> String {
    let content = content.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-weight=\"{weight}\" text-anchor=\"{anchor}\">{content}</text>\n"
    )
}

fn colour(name: &str) -> &'static str {
    match name {
        "farcall" => "#c2410c",
        "dxr" => "#2563eb",
        "python" => "#15803d",
        _ => "#9ca3af",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_the_largest_value() {
        let group = Group { heading: "8 < 9".to_owned(), bars: vec![("hyper", 1.0), ("dxr", 4.0)] };
        let svg = bars("CPU", "µs", &[group]);
        assert!(svg.contains("width=\"550.0\"") && svg.contains("width=\"137.5\""), "{svg}");
        assert!(svg.contains("8 &lt; 9"));
        assert_eq!(
            (shown(1234.5), shown(12.34), shown(1.234)),
            ("1234".into(), "12.3".into(), "1.23".into())
        );
    }
}
