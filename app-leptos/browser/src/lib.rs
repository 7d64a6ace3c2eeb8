//! The browser entry: hydrates the page.
