use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::failure::{Error, Phase};
use crate::report::{ErrorInfo, Report};
use crate::wire::VERSION;

/// The event of one invocation.
pub(crate) struct Batch {
    items: Vec<Value>,
    /// Unix time in ms at which the last client gives up waiting for a response head; 0 if the router did not say.
    pub client_deadline_ms: u64,
}

/// One request of a batch, with the id that its answer must carry.
pub(crate) struct Item {
    pub id: String,
    pub event: Arc<Value>,
}

/// An event as it came.
pub(crate) enum Event {
    Batch(Batch),
    /// No batch: for the handler itself.
    Direct(Value),
}

impl Event {
    /// Fails if the event is a batch of a version that this crate does not speak.
    pub fn read(mut event: Value) -> Result<Event, Error> {
        if event.get("v").is_none() || !event.get("batch").is_some_and(Value::is_array) {
            return Ok(Event::Direct(event));
        }
        check_version(&event["v"])?;
        let client_deadline_ms = event["meta"]["deadlineMs"].as_f64().unwrap_or_default() as u64;
        let Value::Array(items) = event["batch"].take() else { unreachable!("an array, as was seen") };
        Ok(Event::Batch(Batch { items, client_deadline_ms }))
    }
}

fn check_version(version: &Value) -> Result<(), Error> {
    if version.as_f64() == Some(f64::from(VERSION)) {
        return Ok(());
    }
    let advice = "update lpr-lambda-adapter to a release that speaks it";
    Err(format!("batch event: expected version {VERSION}, got {version}; {advice}").into())
}

impl Batch {
    /// The items that can be answered, in order. One without an id, or with the id of an earlier one, can not: it is
    /// reported and left out, and the others go on.
    pub fn answerable(self, report: &Report, invocation_id: &str) -> Vec<Item> {
        let mut known = HashSet::new();
        let mut items = Vec::with_capacity(self.items.len());
        for (index, event) in self.items.into_iter().enumerate() {
            let id = id_of(&event);
            let event = Arc::new(event);
            let problem = if id.is_empty() {
                "expected an id in requestContext.requestId, got none".to_owned()
            } else if !known.insert(id.clone()) {
                format!("expected an id of its own, got {id}, which an earlier item has")
            } else {
                items.push(Item { id, event });
                continue;
            };
            let request_id = if id.is_empty() { invocation_id.to_owned() } else { id };
            let info = ErrorInfo { request_id, phase: Phase::Item, item: Some(event) };
            report.report(&*Error::from(format!("batch[{index}]: {problem}")), &info);
        }
        items
    }
}

/// `requestContext.requestId`, else `id`, else nothing.
fn id_of(event: &Value) -> String {
    let own = event.get("requestContext").and_then(|context| context.get("requestId"));
    match own.filter(|id| !id.is_null()).or_else(|| event.get("id")) {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    }
}
