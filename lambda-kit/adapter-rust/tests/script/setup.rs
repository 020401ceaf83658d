use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use lambda_runtime::{Config, Context};
use lpr_lambda_adapter::{BatchAdapter, BatchStreamAdapter, batch_adapter, batch_adapter_stream};
use serde_json::Value;

use crate::script::{handler, typed_handler};

/// What a batch event says of how the function is to be set up.
pub struct Setup {
    concurrency: Option<usize>,
    remaining_ms: Option<u64>,
    /// An event that is no batch is answered with the value as it is.
    is_batch: bool,
}

impl Setup {
    pub fn of(event: &Value) -> Self {
        let setup = &event["meta"]["vector"];
        Setup {
            concurrency: setup["options"]["concurrency"].as_u64().map(|limit| limit as usize),
            remaining_ms: setup["remainingMs"].as_u64(),
            is_batch: event.get("v").is_some() && event["batch"].is_array(),
        }
    }

    pub fn buffered(&self) -> BatchAdapter {
        let adapter = if self.is_batch { batch_adapter(typed_handler) } else { batch_adapter(handler) };
        match self.concurrency {
            Some(limit) => adapter.with_concurrency(limit),
            None => adapter,
        }
    }

    pub fn streamed(&self, interleaved: bool) -> BatchStreamAdapter {
        let adapter = batch_adapter_stream(typed_handler).with_interleaved(interleaved);
        match self.concurrency {
            Some(limit) => adapter.with_concurrency(limit),
            None => adapter,
        }
    }

    /// The context as it would be if the function had the name and the timeout that the vector asks for.
    pub fn context(&self, mut context: Context) -> Context {
        context.env_config = Arc::new(Config { function_name: "vectors".to_owned(), ..Config::default() });
        if let Some(ms) = self.remaining_ms {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            context.deadline = now.as_millis() as u64 + ms;
        }
        context
    }
}
