//! A function behind the router: one request in, one response out; the adapter makes batches of it.

use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lpr_lambda_adapter::{Error, ErrorInfo, ItemContext, Response, batch_adapter};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().init();
    lambda_runtime::run(batch_adapter(get_order).with_on_error(count_error)).await
}

/// Answers `GET /orders/{id}`, the same way behind the router and behind API Gateway.
async fn get_order(event: ApiGatewayV2httpRequest, context: ItemContext) -> Result<Response, Error> {
    let id = event.path_parameters.get("id").ok_or("expected a path with {id}")?;
    match find_order(id).await {
        Some(order) => Ok(Response::json(&order)),
        None => {
            let problem = json!({ "message": "no such order", "requestId": context.request_id });
            Ok(Response::json(&problem).with_status(404))
        }
    }
}

/// Stands in for a query that takes its time, during which the other requests of the batch go on.
async fn find_order(id: &str) -> Option<Value> {
    tokio::time::sleep(Duration::from_millis(20)).await;
    match id {
        "1" => Some(json!({ "item": "tea", "amount": 2 })),
        "2" => Some(json!({ "item": "coffee", "amount": 1 })),
        _ => None,
    }
}

/// Counts errors; the adapter has logged this one already.
fn count_error(_error: &(dyn std::error::Error + 'static), info: &ErrorInfo) {
    tracing::info!(phase = info.phase.as_str(), errors = 1, "counted");
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_runtime::{Context, LambdaEvent};

    fn item(id: &str) -> Value {
        let http = json!({ "method": "GET", "path": format!("/orders/{id}") });
        json!({ "headers": {}, "pathParameters": { "id": id }, "requestContext": { "requestId": format!("r-{id}"), "http": http } })
    }

    async fn answer(event: Value) -> Result<Value, Error> {
        let answer = batch_adapter(get_order).answer(LambdaEvent::new(event, Context::default())).await?;
        Ok(serde_json::to_value(answer)?)
    }

    #[tokio::test]
    async fn it_answers_a_batch() -> Result<(), Error> {
        let got = answer(json!({ "v": 1, "batch": [item("1"), item("9")] })).await?;
        let [found, missing] = [&got["responses"][0], &got["responses"][1]];
        assert_eq!((&found["statusCode"], &found["body"]), (&json!(200), &json!(r#"{"item":"tea","amount":2}"#)));
        assert_eq!((&missing["statusCode"], &missing["id"]), (&json!(404), &json!("r-9")));
        Ok(())
    }

    #[tokio::test]
    async fn it_answers_a_plain_request() -> Result<(), Error> {
        assert_eq!(answer(item("2")).await?["body"], r#"{"item":"coffee","amount":1}"#);
        Ok(())
    }
}
