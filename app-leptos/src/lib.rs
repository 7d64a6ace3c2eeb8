//! The product's pages. axum routes them, Leptos renders them; what a person can act on is an island that a browser takes over.
//!
//! * `ssr`: [`site`], the pages and the API as one router.
//! * `hydrate`: [`hydrate`], which brings the islands of the loaded page to life.
#![recursion_limit = "512"]
#![cfg_attr(
    not(feature = "ssr"),
    allow(dead_code, reason = "the browser needs a part of what pages are made of")
)]
#![allow(unreachable_pub, reason = "the component macro makes its properties' structs public")]

mod ask;
mod dashboard;
mod icon;
mod island;
mod landing;
mod measure;
mod notebook;
mod output;
mod theme;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "browser/absent.rs"]
mod browser;

#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod respond;
#[cfg(feature = "ssr")]
mod site;

#[cfg(feature = "ssr")]
pub use site::{site, site_for};

#[cfg(feature = "hydrate")]
pub use island::hydrate;
