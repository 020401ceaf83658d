//! What the adapter does beyond the vectors.

use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue};
use lambda_runtime::{Context, LambdaEvent};
use lpr_lambda_adapter::{
    BatchAdapter, BatchStreamAdapter, Body, Error, ErrorInfo, ItemContext, Json, Panic, Phase, Records, Response,
    batch_adapter, batch_adapter_stream,
};
use serde_json::{Value, json};
use tokio::sync::{Barrier, Notify, mpsc};

fn batch(ids: &[&str]) -> Value {
    let item = |id: &&str| json!({ "version": "2.0", "headers": {}, "requestContext": { "requestId": id, "http": { "method": "GET" } } });
    json!({ "v": 1, "meta": {}, "batch": ids.iter().map(item).collect::<Vec<_>>() })
}

fn event(payload: Value, remaining: Option<Duration>) -> LambdaEvent<Value> {
    let mut context = Context::default();
    context.request_id = "invocation-1".to_owned();
    context.invoked_function_arn = "arn:1".to_owned();
    if let Some(left) = remaining {
        context.deadline = (SystemTime::now() + left).duration_since(UNIX_EPOCH).expect("now").as_millis() as u64;
    }
    LambdaEvent::new(payload, context)
}

async fn responses(adapter: &BatchAdapter, ids: &[&str]) -> Vec<Value> {
    let answer = adapter.answer(event(batch(ids), None)).await.expect("an answer");
    let envelope = serde_json::to_value(answer).expect("JSON");
    envelope["responses"].as_array().cloned().expect("responses")
}

fn stream_of(adapter: &BatchStreamAdapter, ids: &[&str], remaining: Option<Duration>) -> Records {
    adapter.answer(event(batch(ids), remaining)).expect("a version it knows").expect("a batch")
}

async fn next(records: &mut Records) -> Option<Value> {
    records.next().await.map(|line| serde_json::from_slice(&line).expect("JSON"))
}

async fn all(mut records: Records) -> Vec<Value> {
    let mut found = Vec::new();
    while let Some(record) = next(&mut records).await {
        found.push(record);
    }
    found
}

#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Vec<(String, ErrorInfo)>>>);

impl Watch {
    fn on_error(&self) -> impl Fn(&(dyn StdError + 'static), &ErrorInfo) + Send + Sync + 'static {
        let watch = self.clone();
        move |error, info| watch.0.lock().expect("no panic").push((error.to_string(), info.clone()))
    }

    fn seen(&self) -> Vec<(String, ErrorInfo)> {
        self.0.lock().expect("no panic").clone()
    }
}

async fn id_as_text(_event: Value, context: ItemContext) -> Result<Response, Error> {
    Ok(Response::text(context.request_id.clone()))
}

#[tokio::test]
async fn a_panic_fails_its_item_only_and_is_told_as_an_error() {
    async fn handler(_event: Value, context: ItemContext) -> Result<Response, Error> {
        match context.request_id.as_str() {
            "text" => panic!("no such order"),
            "value" => std::panic::panic_any(7),
            _ => id_as_text(Value::Null, context).await,
        }
    }
    let watch = Watch::default();
    let adapter = batch_adapter(handler).with_on_error(watch.on_error());
    let got = responses(&adapter, &["text", "value", "good"]).await;
    assert_eq!(got.iter().map(|one| &one["statusCode"]).collect::<Vec<_>>(), [500, 500, 200]);
    assert_eq!((&got[0]["body"], &got[2]["body"]), (&json!("internal error"), &json!("good")));
    let mut texts: Vec<_> =
        watch.seen().into_iter().map(|(text, info)| format!("{} {text}", info.request_id)).collect();
    texts.sort();
    assert_eq!(texts, ["text panic: no such order", "value panic: a value that is no text"]);
}

#[tokio::test]
async fn a_panic_before_the_first_await_is_caught_as_well() {
    let handler =
        |_event: Value, _context: ItemContext| -> std::future::Ready<Result<Response, Error>> { panic!("at once") };
    let watch = Watch::default();
    let got = responses(&batch_adapter(handler).with_on_error(watch.on_error()), &["a"]).await;
    assert_eq!(got[0]["statusCode"], 500);
    assert_eq!(watch.seen()[0].1.phase, Phase::Handler);
}

#[tokio::test]
async fn the_error_itself_reaches_on_error() {
    let handler = |_event: Value, _context: ItemContext| async { Err::<Response, _>(std::fmt::Error) };
    let is_own = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&is_own);
    let adapter = batch_adapter(handler).with_on_error(move |error, info| {
        assert!(!error.is::<Panic>() && info.item.is_some());
        counter.fetch_add(usize::from(error.is::<std::fmt::Error>()), Ordering::Relaxed);
    });
    responses(&adapter, &["a", "b"]).await;
    assert_eq!(is_own.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_panic_of_on_error_harms_nobody() {
    let handler = |_event: Value, _context: ItemContext| async { Err::<Response, Error>("first".into()) };
    let adapter = batch_adapter(handler).with_on_error(|_, _| panic!("again"));
    assert_eq!(responses(&adapter, &["a", "b"]).await.len(), 2);
}

#[tokio::test]
async fn a_slow_item_never_delays_queued_ones() {
    let done = Arc::new(AtomicUsize::new(0));
    let all_others = Arc::new(Notify::new());
    let handler = {
        let (done, all_others) = (Arc::clone(&done), Arc::clone(&all_others));
        move |_event: Value, context: ItemContext| {
            let (done, all_others) = (Arc::clone(&done), Arc::clone(&all_others));
            async move {
                if context.request_id == "slow" {
                    all_others.notified().await;
                } else if done.fetch_add(1, Ordering::SeqCst) == 3 {
                    all_others.notify_one();
                }
                id_as_text(Value::Null, context).await
            }
        }
    };
    let adapter = batch_adapter_stream(handler).with_concurrency(2);
    let got = all(stream_of(&adapter, &["slow", "b", "c", "d", "e"], None)).await;
    assert_eq!(got.len(), 5);
    assert_eq!(got[4]["id"], "slow");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_handler_that_blocks_its_thread_does_not_hold_up_the_others() {
    let release = Arc::new(std::sync::Barrier::new(2));
    let handler = {
        let release = Arc::clone(&release);
        move |_event: Value, context: ItemContext| {
            let release = Arc::clone(&release);
            async move {
                if context.request_id == "blocking" {
                    release.wait();
                }
                id_as_text(Value::Null, context).await
            }
        }
    };
    let mut records = stream_of(&batch_adapter_stream(handler), &["blocking", "quick"], None);
    assert_eq!(next(&mut records).await.expect("a record")["id"], "quick");
    tokio::task::spawn_blocking(move || release.wait()).await.expect("no panic");
    assert_eq!(next(&mut records).await.expect("a record")["id"], "blocking");
}

#[tokio::test]
async fn handlers_of_the_runtimes_own_shape_get_the_context_of_the_item() {
    async fn handler(event: LambdaEvent<ApiGatewayV2httpRequest>) -> Result<ApiGatewayV2httpResponse, Error> {
        let id = event.payload.request_context.request_id.unwrap_or_default();
        let mut response = ApiGatewayV2httpResponse::default();
        response.status_code = 200;
        response.body =
            Some(format!("{} {}", id == event.context.request_id, event.context.invoked_function_arn).into());
        Ok(response)
    }
    for one in responses(&batch_adapter(handler), &["a", "b"]).await {
        assert_eq!(one["body"], "true arn:1");
    }
}

#[tokio::test]
async fn an_item_that_the_event_type_does_not_take_fails_alone() {
    async fn handler(event: ApiGatewayV2httpRequest, _: ItemContext) -> Result<Response, Error> {
        Ok(Response::text(event.version.unwrap_or_default()))
    }
    let watch = Watch::default();
    let mut payload = batch(&["odd", "good"]);
    payload["batch"][0]["headers"] = json!(7);
    let answer = batch_adapter(handler).with_on_error(watch.on_error()).answer(event(payload, None)).await;
    let envelope = serde_json::to_value(answer.expect("an answer")).expect("JSON");
    assert_eq!(
        (&envelope["responses"][0]["statusCode"], &envelope["responses"][1]["body"]),
        (&json!(500), &json!("2.0"))
    );
    let (_, info) = &watch.seen()[0];
    assert_eq!((info.phase, &info.item.as_ref().expect("the item")["headers"]), (Phase::Item, &json!(7)));
}

#[tokio::test]
async fn headers_that_repeat_or_are_not_ascii_are_kept() {
    async fn handler(_event: Value, _: ItemContext) -> Result<ApiGatewayV2httpResponse, Error> {
        let mut response = ApiGatewayV2httpResponse::default();
        response.status_code = 200;
        response.headers.append("vary", HeaderValue::from_static("accept"));
        response.headers.append("vary", HeaderValue::from_static("origin"));
        response.headers.insert("x-name", HeaderValue::from_bytes("Zoë".as_bytes())?);
        response.headers.insert("x-latin", HeaderValue::from_bytes(b"Zo\xeb")?);
        response.headers.append("set-cookie", HeaderValue::from_static("a=1"));
        response.headers.append("set-cookie", HeaderValue::from_static("b=2"));
        Ok(response)
    }
    let got = responses(&batch_adapter(handler), &["a"]).await;
    assert_eq!(got[0]["headers"], json!({ "vary": "accept, origin", "x-name": "Zoë", "x-latin": "Zoë" }));
    assert_eq!(got[0]["multiValueHeaders"], json!({ "vary": ["accept", "origin"] }));
    assert_eq!(got[0]["cookies"], json!(["a=1", "b=2"]));
}

#[tokio::test]
async fn a_body_may_fail_half_way() {
    async fn handler(_event: Value, _: ItemContext) -> Result<Response, Error> {
        let pieces = [Ok(Bytes::from_static(b"one")), Err(std::io::Error::other("broken"))];
        Ok(Response { body: Body::stream(stream::iter(pieces)), ..Response::default() })
    }
    let watch = Watch::default();
    let adapter = batch_adapter_stream(handler).with_interleaved(true).with_on_error(watch.on_error());
    let got = all(stream_of(&adapter, &["a"], None)).await;
    let error = json!({ "v": 1, "id": "a", "type": "error", "statusCode": 500, "message": "stream error" });
    assert_eq!((got.len(), &got[1]["body"], &got[2]), (3, &json!("b25l"), &error));
    assert_eq!(watch.seen()[0].0, "broken");
}

#[tokio::test]
async fn a_body_that_panics_fails_its_item_only() {
    async fn handler(_event: Value, context: ItemContext) -> Result<Response, Error> {
        let is_bad = context.request_id == "bad";
        let pieces = stream::iter(["one", "two"]).map(move |piece| {
            assert!(!is_bad, "a bad body");
            Ok::<_, Error>(piece)
        });
        Ok(Response { body: Body::stream(pieces), ..Response::default() })
    }
    let watch = Watch::default();
    let adapter = batch_adapter(handler).with_on_error(watch.on_error());
    let got = responses(&adapter, &["bad", "good"]).await;
    assert_eq!((&got[0]["statusCode"], &got[1]["body"]), (&json!(500), &json!("onetwo")));
    assert_eq!(watch.seen()[0].1.phase, Phase::Body);
}

/// Tells when it is dropped.
struct Held(mpsc::UnboundedSender<&'static str>);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.send("dropped");
    }
}

#[tokio::test]
async fn when_nobody_reads_any_more_every_item_is_dropped_and_that_is_reported_once() {
    let (told, mut tells) = mpsc::unbounded_channel();
    let started = Arc::new(Barrier::new(3));
    let handler = {
        let started = Arc::clone(&started);
        move |_event: Value, _: ItemContext| {
            let (held, started) = (Held(told.clone()), Arc::clone(&started));
            async move {
                started.wait().await;
                let _held = held;
                std::future::pending::<Result<Response, Error>>().await
            }
        }
    };
    let (report, mut reports) = mpsc::unbounded_channel();
    let adapter = batch_adapter_stream(handler).with_concurrency(2).with_on_error(move |error, info| {
        let _ = report.send((error.to_string(), info.request_id.clone(), info.phase));
    });
    let records = stream_of(&adapter, &["a", "b", "never started"], None);
    started.wait().await;
    drop(records);
    assert_eq!((tells.recv().await, tells.recv().await), (Some("dropped"), Some("dropped")));
    let expected = ("the response stream is gone".to_owned(), "invocation-1".to_owned(), Phase::Write);
    assert_eq!(reports.recv().await, Some(expected));
    drop(adapter);
    assert_eq!(reports.recv().await, None);
}

#[tokio::test]
async fn a_body_that_never_ends_is_dropped_when_its_item_is_given_up() {
    let (told, mut tells) = mpsc::unbounded_channel();
    let handler = move |_event: Value, _: ItemContext| {
        let held = Held(told.clone());
        async move {
            let pieces = stream::once(async { Ok::<_, Error>("one") }).chain(stream::pending()).inspect(move |_| {
                let _ = &held;
            });
            Ok::<_, Error>(Response { body: Body::stream(pieces), ..Response::default() })
        }
    };
    let adapter = batch_adapter_stream(handler).with_interleaved(true);
    let got = all(stream_of(&adapter, &["a"], Some(Duration::from_millis(300)))).await;
    assert_eq!((got.len(), &got[2]["statusCode"], &got[2]["message"]), (3, &json!(504), &json!("timeout")));
    assert_eq!(tells.recv().await, Some("dropped"));
}

#[tokio::test]
async fn clients_bound_the_time_only_until_they_have_the_head() {
    async fn handler(_event: Value, context: ItemContext) -> Result<Response, Error> {
        let hours = |context: &ItemContext| (context.remaining().as_secs() as f64 / 3600.0).round();
        let before = hours(&context);
        // The second piece is made when the first was taken, and so the head before it was sent.
        let pieces = stream::iter([None, Some(context)])
            .map(move |context| Ok::<_, Error>(context.map_or(before, |context| hours(&context)).to_string()));
        Ok(Response { body: Body::stream(pieces), ..Response::default() })
    }
    let mut payload = batch(&["a"]);
    let hour = Duration::from_secs(3600);
    let deadline = (SystemTime::now() + hour).duration_since(UNIX_EPOCH).expect("now");
    payload["meta"]["deadlineMs"] = json!(deadline.as_millis() as u64);
    let adapter = batch_adapter_stream(handler).with_interleaved(true);
    let mut records = adapter.answer(event(payload, Some(3 * hour))).expect("version 1").expect("a batch");
    let mut bodies = Vec::new();
    while let Some(record) = next(&mut records).await {
        bodies.push(record["body"].as_str().map(str::to_owned));
    }
    // One piece may have been made while the head was on its way.
    assert_eq!(bodies[1].as_deref(), Some("1"));
    assert!(matches!(bodies[2].as_deref(), Some("1" | "3")), "{bodies:?}");
}

#[tokio::test]
async fn direct_events_go_to_the_handler_and_its_value_comes_back() {
    async fn handler(event: Value, context: ItemContext) -> Result<Json<Value>, Error> {
        match event["fail"].as_str() {
            Some(reason) => Err(reason.into()),
            None => Ok(Json(json!({ "id": context.request_id, "own": [1, null] }))),
        }
    }
    let adapter = batch_adapter(handler);
    let answer = adapter.answer(event(json!({}), None)).await.expect("an answer");
    assert_eq!(serde_json::to_value(answer).expect("JSON"), json!({ "id": "invocation-1", "own": [1, null] }));
    let error = adapter.answer(event(json!({ "fail": "the reason" }), None)).await.expect_err("an error");
    assert_eq!(error.to_string(), "the reason");
}

#[tokio::test]
async fn a_rich_response_is_understood_by_api_gateway_as_well() {
    async fn handler(_event: Value, _: ItemContext) -> Result<Response, Error> {
        let headers = HeaderMap::from_iter([(http::header::SET_COOKIE, HeaderValue::from_static("c=1"))]);
        let body =
            Body::stream(stream::iter([Ok::<_, Error>(Bytes::from_static(b"\x00")), Ok(Bytes::from_static(b"\xff"))]));
        Ok(Response { headers, body, ..Response::default() })
    }
    let answer = batch_adapter(handler).answer(event(json!({}), None)).await.expect("an answer");
    let expected =
        json!({ "statusCode": 200, "headers": {}, "cookies": ["c=1"], "body": "AP8=", "isBase64Encoded": true });
    assert_eq!(serde_json::to_value(answer).expect("JSON"), expected);
}

#[tokio::test]
async fn a_slow_reader_holds_back_the_body() {
    let made = Arc::new(AtomicUsize::new(0));
    let handler = {
        let made = Arc::clone(&made);
        move |_event: Value, _: ItemContext| {
            let made = Arc::clone(&made);
            async move {
                let pieces = stream::iter(0..100).map(move |n: i32| {
                    made.fetch_add(1, Ordering::SeqCst);
                    Ok::<_, Error>(n.to_string())
                });
                Ok::<_, Error>(Response { body: Body::stream(pieces), ..Response::default() })
            }
        }
    };
    let mut records = stream_of(&batch_adapter_stream(handler).with_interleaved(true), &["a"], None);
    for _ in 0..4 {
        next(&mut records).await;
    }
    tokio::task::yield_now().await;
    let ahead = made.load(Ordering::SeqCst);
    assert!(ahead <= 10, "{ahead} pieces were made for 3 that were read");
    assert_eq!(all(records).await.len(), 98);
}

#[tokio::test]
async fn long_bodies_are_cut_and_come_together() {
    let long = "\u{1}é😀".repeat(200_000);
    let text = long.clone();
    let handler = move |_event: Value, _: ItemContext| {
        let text = text.clone();
        async move { Ok::<_, Error>(Response::text(text)) }
    };
    let lines: Vec<Bytes> = stream_of(&batch_adapter_stream(handler), &["a"], None).collect().await;
    assert!(lines.iter().all(|line| line.len() < 1024 * 1024));
    let records = lines.iter().map(|line| serde_json::from_slice::<Value>(line).expect("JSON"));
    let body: String = records.filter_map(|record| record["body"].as_str().map(str::to_owned)).collect();
    assert!(body == long, "{} bytes of {} arrived, or not the same", body.len(), long.len());
}

#[test]
#[should_panic(expected = "expected a whole number from 1, got 0")]
fn a_limit_of_nothing_is_a_mistake() {
    let _ = batch_adapter(id_as_text).with_concurrency(0);
}
