//! The adapter answers as the contract says: every vector that Rust can express, in this process, so that what happens
//! inside is seen as well.

#[path = "../script/mod.rs"]
mod script;
#[path = "../script/setup.rs"]
mod setup;

mod compare;
mod vector;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use lambda_runtime::{Context, LambdaEvent};
use lpr_lambda_adapter::{Error, ErrorInfo};
use serde_json::{Value, json};

use compare::{difference, fold, plain, sorted};
use vector::{Vector, load_vectors};

/// Rust has no text that is half a surrogate pair, no JSON numbers that are none, and no streams of Node.js or the web;
/// and every header value is one.
const NOT_IN_RUST: [&str; 6] =
    ["lone-surrogates", "node-streams", "non-finite-numbers", "throw-anything", "unprintable-values", "web-streams"];

type Reports = Arc<Mutex<Vec<String>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_vector_that_rust_can_express() {
    let mut problems = Vec::new();
    let mut runs = 0;
    for vector in load_vectors() {
        if vector.requires.iter().any(|feature| NOT_IN_RUST.contains(&feature.as_str())) {
            continue;
        }
        for mode in &vector.modes {
            runs += 1;
            let found = run_vector(&vector, mode, &format!("{}/{runs}", vector.name)).await;
            problems.extend(found.into_iter().map(|problem| format!("{}, {mode}: {problem}", vector.name)));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(runs >= 260, "expected that most vectors apply, got {runs} runs");
}

async fn run_vector(vector: &Vector, mode: &str, run: &str) -> Vec<String> {
    let reports = Reports::default();
    let answer = invoke(mode, vector.prepare(run), &reports).await;
    let mut problems = problems_with(vector, mode, answer);
    problems.extend(problems_inside(&vector.expected["inside"], run, &reports));
    problems
}

async fn invoke(mode: &str, event: Value, reports: &Reports) -> Result<Value, Error> {
    let setup = setup::Setup::of(&event);
    let mut context = Context::default();
    context.request_id = "invocation-1".to_owned();
    let event = LambdaEvent::new(event, setup.context(context));
    if mode == "buffered" {
        let answer = setup.buffered().with_on_error(watcher(reports)).answer(event).await?;
        return Ok(serde_json::to_value(answer)?);
    }
    let adapter = setup.streamed(mode == "interleaved").with_on_error(watcher(reports));
    let lines: Vec<_> = adapter.answer(event)?.expect("a batch").collect().await;
    lines.iter().map(|line| Ok(serde_json::from_slice(line)?)).collect::<Result<Vec<Value>, Error>>().map(Value::from)
}

fn watcher(reports: &Reports) -> impl Fn(&(dyn std::error::Error + 'static), &ErrorInfo) + Send + Sync + 'static {
    let reports = Arc::clone(reports);
    move |_error, info| {
        let id = info.request_id.replace("invocation-1", "$invocation");
        reports.lock().expect("no panic").push(format!("{id} {}", info.phase.as_str()));
    }
}

fn problems_with(vector: &Vector, mode: &str, answer: Result<Value, Error>) -> Vec<String> {
    let expected = &vector.expected;
    match answer {
        Err(error) => missing_texts(&expected["error"], &error.to_string()),
        Ok(value) if !expected["error"].is_null() => vec![format!("expected an error, got {value}")],
        Ok(value) if expected.get("direct").is_some() => difference("value", &expected["direct"], &value),
        Ok(value) if mode == "buffered" => problems_with_envelope(vector, &value),
        Ok(value) => problems_with_stream(vector, &vector::expand(expected[mode].clone()), &value),
    }
}

fn missing_texts(expected: &Value, error: &str) -> Vec<String> {
    let Some(texts) = expected["includes"].as_array() else { return vec![format!("expected an answer, got {error}")] };
    let missing = texts.iter().filter_map(Value::as_str).filter(|text| !error.contains(text));
    missing.map(|text| format!("expected an error that says {text}, got {error}")).collect()
}

fn problems_with_envelope(vector: &Vector, got: &Value) -> Vec<String> {
    let wanted = vector::expand(vector.expected["buffered"].clone());
    let ids = |envelope: &Value| list(&envelope["responses"]).iter().map(|one| one["id"].clone()).collect::<Value>();
    let mut problems = difference("v", &json!(1), &got["v"]);
    problems.extend(difference("ids", &ids(&wanted), &ids(got)));
    for (want, have) in list(&wanted["responses"]).iter().zip(list(&got["responses"])) {
        problems.extend(compared(vector, &json!([want]), &json!([have])));
    }
    problems
}

fn problems_with_stream(vector: &Vector, wanted: &Value, records: &Value) -> Vec<String> {
    let mut by_id: HashMap<String, Vec<Value>> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut problems = Vec::new();
    for record in list(records) {
        let id = record["id"].as_str().unwrap_or_default().to_owned();
        order.retain(|one| *one != id);
        order.push(id.clone());
        problems.extend(difference("v of a record", &json!(1), &record["v"]));
        if record.to_string().len() > 1024 * 1024 {
            problems.push(format!("a record of {id} is too long"));
        }
        by_id.entry(id).or_default().push(record.clone());
    }
    let wanted = wanted.as_object().cloned().unwrap_or_default();
    problems.extend(difference("number of ids", &json!(wanted.len()), &json!(by_id.len())));
    for (id, records) in &wanted {
        problems.extend(compared(vector, records, &json!(by_id.get(id))));
    }
    if let Some(expected) = vector.expected.get("order") {
        problems.extend(difference("order", expected, &json!(order)));
    }
    problems
}

fn compared(vector: &Vector, want: &Value, have: &Value) -> Vec<String> {
    let (want, have) = (plain(list(want)), plain(list(have)));
    match vector.compares_answers {
        true => difference("answer", &fold(&want), &fold(&have)),
        false => difference("records", &json!(want), &json!(have)),
    }
}

fn problems_inside(expected: &Value, run: &str, reports: &Reports) -> Vec<String> {
    let state = script::run_of(run).state();
    let mut problems = Vec::new();
    if let Some(peak) = expected.get("peak") {
        problems.extend(difference("peak", peak, &json!(state.peak)));
    }
    if let Some(handled) = expected.get("handled") {
        problems.extend(difference("handled", handled, &json!(state.handled)));
    }
    if let Some(expected) = expected.get("reports") {
        let expected = list(expected).iter().map(|one| format!("{} {}", text(&one["requestId"]), text(&one["phase"])));
        let got = reports.lock().expect("no panic").clone();
        problems.extend(difference("reports", &sorted(expected.collect()), &sorted(got)));
    }
    problems
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
