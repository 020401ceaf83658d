use std::error::Error as StdError;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::StreamExt;
use lambda_runtime::{Context, LambdaEvent};
use lpr_lambda_adapter::{BatchAdapter, BatchStreamAdapter, Error, ErrorInfo, ItemContext, Records, Response};
use serde_json::{Value, json};

pub fn batch(ids: &[&str]) -> Value {
    let item = |id: &&str| json!({ "version": "2.0", "headers": {}, "requestContext": { "requestId": id, "http": { "method": "GET" } } });
    json!({ "v": 1, "meta": {}, "batch": ids.iter().map(item).collect::<Vec<_>>() })
}

pub fn event(payload: Value, remaining: Option<Duration>) -> LambdaEvent<Value> {
    let mut context = Context::default();
    context.request_id = "invocation-1".to_owned();
    context.invoked_function_arn = "arn:1".to_owned();
    if let Some(left) = remaining {
        context.deadline = (SystemTime::now() + left).duration_since(UNIX_EPOCH).expect("now").as_millis() as u64;
    }
    LambdaEvent::new(payload, context)
}

pub async fn responses(adapter: &BatchAdapter, ids: &[&str]) -> Vec<Value> {
    let answer = adapter.answer(event(batch(ids), None)).await.expect("an answer");
    let envelope = serde_json::to_value(answer).expect("JSON");
    envelope["responses"].as_array().cloned().expect("responses")
}

pub fn stream_of(adapter: &BatchStreamAdapter, ids: &[&str], remaining: Option<Duration>) -> Records {
    adapter.answer(event(batch(ids), remaining)).expect("a version it knows").expect("a batch")
}

pub async fn next(records: &mut Records) -> Option<Value> {
    records.next().await.map(|line| serde_json::from_slice(&line).expect("JSON"))
}

pub async fn all(mut records: Records) -> Vec<Value> {
    let mut found = Vec::new();
    while let Some(record) = next(&mut records).await {
        found.push(record);
    }
    found
}

#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Vec<(String, ErrorInfo)>>>);

impl Watch {
    pub fn on_error(&self) -> impl Fn(&(dyn StdError + 'static), &ErrorInfo) + Send + Sync + 'static {
        let watch = self.clone();
        move |error, info| watch.0.lock().expect("no panic").push((error.to_string(), info.clone()))
    }

    pub fn seen(&self) -> Vec<(String, ErrorInfo)> {
        self.0.lock().expect("no panic").clone()
    }
}

pub async fn id_as_text(_event: Value, context: ItemContext) -> Result<Response, Error> {
    Ok(Response::text(context.request_id.clone()))
}
