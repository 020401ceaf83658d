//! What the adapter does beyond the vectors.

mod items;
mod streams;
mod support;
