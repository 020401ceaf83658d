//! The echo function for the end-to-end test: toolkit/tests/end-to-end.ts says what it answers. The handler that it is
//! configured with is its mode: `buffered`, `stream` or `interleaved`.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use futures_util::stream;
use http::{HeaderMap, HeaderValue};
use lpr_lambda_adapter::{Body, Error, ItemContext, Response, batch_adapter, batch_adapter_stream, run_stream};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().init();
    match std::env::var("_HANDLER")?.as_str() {
        "buffered" => lambda_runtime::run(batch_adapter(echo)).await,
        mode => run_stream(batch_adapter_stream(echo_in_pieces).with_interleaved(mode == "interleaved")).await,
    }
}

async fn echo(event: ApiGatewayV2httpRequest, context: ItemContext) -> Result<ApiGatewayV2httpResponse, Error> {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = 200;
    response.headers = id_header(&event)?;
    response.body = Some(answer(&event, &context).into());
    Ok(response)
}

async fn echo_in_pieces(event: ApiGatewayV2httpRequest, context: ItemContext) -> Result<Response, Error> {
    let text = answer(&event, &context);
    let (head, tail) = text.split_at(text.floor_char_boundary(text.len() / 2));
    let pieces = [head.to_owned(), tail.to_owned()].map(Ok::<String, Error>);
    Ok(Response { headers: id_header(&event)?, body: Body::stream(stream::iter(pieces)), ..Response::default() })
}

fn answer(event: &ApiGatewayV2httpRequest, context: &ItemContext) -> String {
    let id = event.path_parameters.get("id");
    let secret = event.headers.get("x-secret").and_then(|value| value.to_str().ok());
    json!({ "id": id, "secret": secret, "body": event.body, "requestId": context.request_id }).to_string()
}

fn id_header(event: &ApiGatewayV2httpRequest) -> Result<HeaderMap, Error> {
    let id = event.path_parameters.get("id").map(String::as_str).unwrap_or_default();
    Ok(HeaderMap::from_iter([(http::HeaderName::from_static("x-echo-id"), HeaderValue::from_str(id)?)]))
}
