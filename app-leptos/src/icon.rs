//! Icons: a few outlines of Lucide (ISC licence, in `style/lucide.txt` and served with the site), drawn in the text's colour. Decorative: the word or label beside them speaks.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident: $paths:literal,)*) => {
        /// Which outline.
        #[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "some are drawn in a browser only"))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Glyph { $($(#[$doc])* $name,)* }

        impl Glyph {
            /// The inside of a 24 × 24 SVG.
            const fn paths(self) -> &'static str {
                match self { $(Self::$name => $paths,)* }
            }
        }
    };
}

icons! {
    /// Run.
    Play: r#"<path d="M5 5a2 2 0 0 1 3.008-1.728l11.997 6.998a2 2 0 0 1 .003 3.458l-12 7A2 2 0 0 1 5 19z"/>"#,
    /// Run everything.
    FastForward: r#"<path d="M12 6a2 2 0 0 1 3.414-1.414l6 6a2 2 0 0 1 0 2.828l-6 6A2 2 0 0 1 12 18z"/><path d="M2 6a2 2 0 0 1 3.414-1.414l6 6a2 2 0 0 1 0 2.828l-6 6A2 2 0 0 1 2 18z"/>"#,
    /// Stop.
    Square: r#"<rect width="14" height="14" x="5" y="5" rx="2"/>"#,
    /// Add.
    Plus: r#"<path d="M5 12h14"/><path d="M12 5v14"/>"#,
    /// Remove.
    Trash: r#"<path d="M10 11v6"/><path d="M14 11v6"/><path d="M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6"/><path d="M3 6h18"/><path d="M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2"/>"#,
    /// Light theme.
    Sun: r#"<circle cx="12" cy="12" r="4"/><path d="M12 2v2"/><path d="M12 20v2"/><path d="m4.93 4.93 1.41 1.41"/><path d="m17.66 17.66 1.41 1.41"/><path d="M2 12h2"/><path d="M20 12h2"/><path d="m6.34 17.66-1.41 1.41"/><path d="m19.07 4.93-1.41 1.41"/>"#,
    /// Dark theme.
    Moon: r#"<path d="M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401"/>"#,
    /// Keyboard help.
    Keyboard: r#"<path d="M10 8h.01"/><path d="M12 12h.01"/><path d="M14 8h.01"/><path d="M16 12h.01"/><path d="M18 8h.01"/><path d="M6 8h.01"/><path d="M7 16h10"/><path d="M8 12h.01"/><rect width="20" height="16" x="2" y="4" rx="2"/>"#,
    /// Done well.
    Check: r#"<path d="M20 6 9 17l-5-5"/>"#,
    /// Close.
    Cross: r#"<path d="M18 6 6 18"/><path d="m6 6 12 12"/>"#,
    /// Something went wrong.
    CircleAlert: r#"<circle cx="12" cy="12" r="10"/><line x1="12" x2="12" y1="8" y2="12"/><line x1="12" x2="12.01" y1="16" y2="16"/>"#,
    /// A warning.
    TriangleAlert: r#"<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"/><path d="M12 9v4"/><path d="M12 17h.01"/>"#,
    /// No connection.
    CloudOff: r#"<path d="m2 2 20 20"/><path d="M5.782 5.782A7 7 0 0 0 9 19h8.5a4.5 4.5 0 0 0 1.307-.193"/><path d="M21.532 16.5A4.5 4.5 0 0 0 17.5 10h-1.79A7.008 7.008 0 0 0 10 5.07"/>"#,
    /// Onward.
    ArrowRight: r#"<path d="M5 12h14"/><path d="m12 5 7 7-7 7"/>"#,
    /// Sorted upward.
    ArrowUp: r#"<path d="m5 12 7-7 7 7"/><path d="M12 19V5"/>"#,
    /// Sorted downward.
    ArrowDown: r#"<path d="M12 5v14"/><path d="m19 12-7 7-7-7"/>"#,
    /// Sortable.
    ArrowUpDown: r#"<path d="m21 16-4 4-4-4"/><path d="M17 20V4"/><path d="m3 8 4-4 4 4"/><path d="M7 4v16"/>"#,
    /// Credits.
    Coins: r#"<circle cx="8" cy="8" r="6"/><path d="M18.09 10.37A6 6 0 1 1 10.34 18"/><path d="M7 6h1v4"/><path d="m16.71 13.88.7.71-2.82 2.82"/>"#,
    /// A notebook.
    Notebook: r#"<path d="M2 6h4"/><path d="M2 10h4"/><path d="M2 14h4"/><path d="M2 18h4"/><rect width="16" height="20" x="4" y="2" rx="2"/><path d="M16 2v20"/>"#,
    /// Undo.
    Undo: r#"<path d="M9 14 4 9l5-5"/><path d="M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 5.5H11"/>"#,
    /// What may have been meant.
    Lightbulb: r#"<path d="M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 3.5.7.7 1.3 1.5 1.5 2.5"/><path d="M9 18h6"/><path d="M10 22h4"/>"#,
    /// What the kernel was, cell by cell.
    History: r#"<path d="M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8"/><path d="M3 3v5h5"/><path d="M12 7v5l4 2"/>"#,
    /// What names are bound to.
    Variable: r#"<path d="M8 21s-4-3-4-9 4-9 4-9"/><path d="M16 3s4 3 4 9-4 9-4 9"/><line x1="15" x2="9" y1="9" y2="15"/><line x1="9" x2="15" y1="9" y2="15"/>"#,
    /// A second kernel from here.
    GitFork: r#"<circle cx="12" cy="18" r="3"/><circle cx="6" cy="6" r="3"/><circle cx="18" cy="6" r="3"/><path d="M18 9v2c0 .6-.4 1-1 1H7c-.6 0-1-.4-1-1V9"/><path d="M12 12v3"/>"#,
    /// Anew.
    Restart: r#"<path d="M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8"/><path d="M21 3v5h-5"/><path d="M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16"/><path d="M8 16H3v5"/>"#,
    /// Sign-in.
    LogIn: r#"<path d="m10 17 5-5-5-5"/><path d="M15 12H3"/><path d="M15 3h4a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2h-4"/>"#,
}

/// A 16 px outline.
pub(crate) fn icon(glyph: Glyph) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" inner_html=glyph.paths()></svg> }
}

/// The mark: a square of cloth with the thread along its left edge.
pub(crate) fn mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <rect class="mark-cloth" x="1" y="1" width="18" height="18" rx="3"></rect>
            <path class="mark-weave" d="M8 6.5h7.5M8 10h7.5M8 13.5h7.5"></path>
            <path class="mark-thread" d="M5 1v18"></path>
        </svg>
    }
}
