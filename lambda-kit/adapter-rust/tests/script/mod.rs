//! The script handler for Rust: a Lambda handler that does what a script in its own event says, so that the adapter can
//! be tested with the cases of contract/vectors. The README there describes the language.

mod answer;
mod run;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt, stream};
use lpr_lambda_adapter::{Body, Chunk, Error, ItemContext};
use serde_json::{Map, Value, json};

pub use answer::Scripted;
pub use run::{Run, run_of};

/// Does what the event's script says, and answers with JSON, or with what JSON cannot say.
pub async fn handler(event: Value, context: ItemContext) -> Result<Scripted, Error> {
    let headers = &event["headers"];
    let script = headers["x-lpr-script"].as_str().ok_or("script: expected it in the header x-lpr-script")?;
    let script: Vec<Map<String, Value>> = serde_json::from_str(script)?;
    let run = run_of(headers["x-lpr-run"].as_str().unwrap_or_default());
    let _at_work = run.start(&context.request_id);
    let scope = Scope { event: Arc::new(event), context, run: Arc::clone(&run) };
    for step in script {
        let (key, operand) = step.into_iter().next().ok_or("script: expected a step, got none")?;
        match key.as_str() {
            "return" => return scope.answer(operand),
            "throw" => return Err(operand.as_str().unwrap_or_default().into()),
            _ => scope.pause(&key, &operand).await,
        }
    }
    Ok(Scripted::Json(Value::Null))
}

/// The same, with the type that a Rust function would rather return, where it can say the answer.
pub async fn typed_handler(event: Value, context: ItemContext) -> Result<Scripted, Error> {
    Ok(handler(event, context).await?.typed())
}

#[derive(Clone)]
struct Scope {
    event: Arc<Value>,
    context: ItemContext,
    run: Arc<Run>,
}

impl Scope {
    fn answer(&self, value: Value) -> Result<Scripted, Error> {
        if let Some(body) = self.raw_body(&value) {
            return Ok(body.map_or(Scripted::Opaque, Scripted::Body));
        }
        match self.raw_body(&value["body"]) {
            Some(body) => self.rich(value, body),
            None => Ok(Scripted::Json(self.evaluate(value))),
        }
    }

    fn rich(&self, mut value: Value, body: Option<Body>) -> Result<Scripted, Error> {
        value["body"] = Value::Null;
        let mut fields = self.evaluate(value);
        if fields["statusCode"].is_null() {
            fields["statusCode"] = json!(200);
        }
        Ok(Scripted::Rich(fields, body.unwrap_or_else(|| Body::json(&answer::Opaque))))
    }

    /// A body that JSON cannot say; the inner nothing stands for one that nothing can say.
    fn raw_body(&self, value: &Value) -> Option<Option<Body>> {
        let (key, operand) = operator(value)?;
        match key {
            "$base64" => Some(Some(Body::bytes(decoded(operand)))),
            "$stream" => Some(Some(self.stream(operand))),
            "$opaque" => Some(None),
            _ => None,
        }
    }

    /// Makes the value that a script describes: JSON as it is, but for objects whose one key begins with `$`.
    fn evaluate(&self, value: Value) -> Value {
        if let Some((key, operand)) = operator(&value) {
            return self.operate(key, operand);
        }
        match value {
            Value::Array(list) => list.into_iter().map(|one| self.evaluate(one)).collect(),
            Value::Object(map) => map.into_iter().map(|(key, one)| (key, self.evaluate(one))).collect(),
            other => other,
        }
    }

    fn operate(&self, key: &str, operand: &Value) -> Value {
        match key {
            "$nothing" => Value::Null,
            "$repeat" => json!(operand[0].as_str().unwrap_or_default().repeat(count(&operand[1]))),
            "$event" => text(operand).split('.').fold(&*self.event, |value, name| &value[name]).clone(),
            "$context" => self.of_context(text(operand)),
            "$remainingWithin" => {
                let left = self.context.remaining().as_millis() as usize;
                json!(count(&operand[0]) <= left && left <= count(&operand[1]))
            }
            _ => panic!("script: unknown value {key}"),
        }
    }

    fn of_context(&self, name: &str) -> Value {
        match name {
            "requestId" => json!(self.context.request_id),
            "functionName" => json!(self.context.env_config.function_name),
            "cancelled" => json!(self.context.is_cancelled()),
            _ => panic!("script: unknown part of the context {name}"),
        }
    }

    async fn pause(&self, key: &str, operand: &Value) {
        match key {
            "delayMs" => tokio::time::sleep(Duration::from_millis(count(operand) as u64)).await,
            "untilRunning" => self.run.wait(count(operand), 0).await,
            "untilFinished" => self.run.wait(0, count(operand)).await,
            "untilCancelled" => self.context.cancelled().await,
            "hang" => std::future::pending().await,
            _ => panic!("script: unknown step {key}"),
        }
    }

    /// The same for every kind: Rust has one.
    fn stream(&self, parts: &Value) -> Body {
        let scope = self.clone();
        let parts = parts.as_array().cloned().unwrap_or_default();
        Body::stream(stream::iter(parts).filter_map(move |part| {
            let scope = scope.clone();
            async move { scope.piece(part).await }
        }))
    }

    /// Nothing for a part that only takes time.
    async fn piece(&self, part: Value) -> Option<Result<Chunk, Error>> {
        match operator(&part) {
            Some((key @ ("$delayMs" | "$untilRunning" | "$untilFinished" | "$untilCancelled" | "$hang"), operand)) => {
                self.pause(&key[1..], operand).await;
                None
            }
            Some(("$throw", message)) => Some(Err(text(message).into())),
            Some(("$base64", operand)) => Some(Ok(decoded(operand).into())),
            Some(("$opaque", _)) => Some(answer::no_json()),
            _ => match self.evaluate(part) {
                Value::Null => None,
                Value::String(text) => Some(Ok(text.into())),
                other => Some(Ok(other.to_string().into())),
            },
        }
    }
}

fn operator(value: &Value) -> Option<(&str, &Value)> {
    let (key, operand) = value.as_object()?.iter().next()?;
    key.starts_with('$').then_some((key, operand))
}

fn decoded(operand: &Value) -> Vec<u8> {
    STANDARD.decode(text(operand)).expect("script: expected base64")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("script: expected text")
}

fn count(value: &Value) -> usize {
    value.as_u64().expect("script: expected a number") as usize
}
