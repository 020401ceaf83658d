use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue};
use lambda_runtime::LambdaEvent;
use lpr_lambda_adapter::{Body, Error, ItemContext, Json, Panic, Phase, Response, batch_adapter};
use serde_json::{Value, json};

use crate::support::{Watch, batch, event, id_as_text, responses};

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

#[test]
#[should_panic(expected = "expected a whole number from 1, got 0")]
fn a_limit_of_nothing_is_a_mistake() {
    let _ = batch_adapter(id_as_text).with_concurrency(0);
}
