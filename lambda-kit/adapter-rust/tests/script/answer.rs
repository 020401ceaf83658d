use std::collections::HashSet;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use lpr_lambda_adapter::{Body, Chunk, Error, IntoResponse, Json, Response};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::{Value, json};

/// What a script returns.
pub enum Scripted {
    Json(Value),
    Body(Body),
    /// A response as JSON without its body, and that.
    Rich(Value, Body),
    Typed(Box<ApiGatewayV2httpResponse>),
    Opaque,
}

impl Scripted {
    /// The type of the `aws_lambda_events` crate, if it says the same.
    pub fn typed(self) -> Self {
        let Scripted::Json(value) = &self else { return self };
        if !is_plain(value) {
            return self;
        }
        let mut full = value.clone();
        if full["cookies"].is_null() {
            full["cookies"] = json!([]);
        }
        match serde_json::from_value(full) {
            Ok(typed) => Scripted::Typed(Box::new(typed)),
            Err(_) => self,
        }
    }
}

fn is_plain(value: &Value) -> bool {
    let headers = value["headers"].as_object();
    let names: HashSet<_> = headers.iter().flat_map(|map| map.keys()).map(|name| name.to_lowercase()).collect();
    let are_text = headers.is_none_or(|map| map.values().all(Value::is_string) && map.len() == names.len());
    let body = &value["body"];
    value["statusCode"].is_i64()
        && value["multiValueHeaders"].is_null()
        && are_text
        && (body.is_string() || body.is_null())
}

impl IntoResponse for Scripted {
    fn into_response(self) -> Result<Response, Error> {
        match self {
            Scripted::Json(value) => Json(value).into_response(),
            Scripted::Body(body) => body.into_response(),
            Scripted::Rich(fields, body) => Ok(Response { body, ..fields.into_response()? }),
            Scripted::Typed(response) => response.into_response(),
            Scripted::Opaque => Json(Opaque).into_response(),
        }
    }

    async fn into_direct(self) -> Result<Value, Error> {
        match self {
            Scripted::Json(value) => Ok(value),
            _ => Err("script: expected JSON of an event that is no batch".into()),
        }
    }
}

/// Something without JSON.
pub struct Opaque;

impl Serialize for Opaque {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("this value has no JSON"))
    }
}

/// A piece of a stream made of something without JSON.
pub fn no_json() -> Result<Chunk, Error> {
    Ok(serde_json::to_string(&Opaque)?.into())
}
