#![doc = include_str!("../README.md")]

mod batch;
mod body;
mod buffered;
mod context;
#[cfg(feature = "events")]
mod events;
mod failure;
mod handler;
mod headers;
mod json;
mod report;
mod response;
mod run;
mod runtime;
mod scope;
mod settings;
mod streamed;
mod wire;

pub use body::{Body, Chunk};
pub use buffered::{Answer, BatchAdapter, batch_adapter};
pub use context::ItemContext;
pub use failure::{Error, Panic, Phase};
pub use handler::Handler;
pub use report::ErrorInfo;
pub use response::{IntoResponse, Json, Response};
pub use runtime::{BatchStreamLayer, BatchStreamService, DirectBody, run_stream};
pub use streamed::{BatchStreamAdapter, Records, batch_adapter_stream};
