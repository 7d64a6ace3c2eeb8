//! The billing domain as a component.
