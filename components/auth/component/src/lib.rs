//! The auth domain as a component.
