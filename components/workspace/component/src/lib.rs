//! The workspace domain as a component.
