//! A handler of one request, made a handler of batches by the adapter for Rust. It answers what the demo's other functions do.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use lpr_lambda_adapter::{Error, ItemContext, Response, batch_adapter, batch_adapter_stream, run_stream};
use serde_json::{Value, json};

/// The endpoints are public, so a delay must end well before the routes' 8 s and the functions' 10 s do.
const LONGEST_DELAY_MS: f64 = 5000.0;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().init();
    // The function's handler, which a custom runtime may use as it likes: here it says how batches are answered.
    match std::env::var("_HANDLER")?.as_str() {
        "streaming" => run_stream(batch_adapter_stream(greet)).await,
        _ => lambda_runtime::run(batch_adapter(greet)).await,
    }
}

/// Waits as long as `max-delay` and chance will have it, then greets.
async fn greet(event: Value, context: ItemContext) -> Result<Response, Error> {
    let query = event.get("queryStringParameters").cloned().unwrap_or(json!({}));
    let longest = max_delay_ms(query["max-delay"].as_str().unwrap_or(""));
    let delay = random_up_to(longest);
    tokio::time::sleep(Duration::from_millis(delay)).await;
    Ok(Response::json(&json!({
        "ok": true,
        "id": context.request_id,
        "greeting": event["pathParameters"]["greeting"],
        "method": event["requestContext"]["http"]["method"],
        "path": event["rawPath"],
        "routeKey": event["routeKey"],
        "query": query,
        "pathParameters": event["pathParameters"],
        "maxDelayMs": longest,
        "delayMs": delay,
    })))
}

/// A number from 0 to 5000, and 0 for what is no number.
fn max_delay_ms(text: &str) -> u64 {
    let ms: f64 = text.parse().unwrap_or(0.0);
    // NaN becomes 0.
    ms.clamp(0.0, LONGEST_DELAY_MS) as u64
}

/// Random enough for a demo without a crate for it: every `RandomState` has other keys.
fn random_up_to(most: u64) -> u64 {
    RandomState::new().hash_one(()) % (most + 1)
}
