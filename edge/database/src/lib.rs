//! The SQL port on libSQL: embedded, and Hrana over HTTP.
