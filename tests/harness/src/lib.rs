//! Starts and ends the real servers that tests talk to.
