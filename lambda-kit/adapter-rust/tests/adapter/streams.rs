use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use lpr_lambda_adapter::{Body, Error, ItemContext, Phase, Response, batch_adapter_stream};
use serde_json::{Value, json};
use tokio::sync::{Barrier, Notify, mpsc};

use crate::support::{Watch, all, batch, event, id_as_text, next, stream_of};

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
