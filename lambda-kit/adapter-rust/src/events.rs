//! The responses of the `aws_lambda_events` crate.

use aws_lambda_events::alb::AlbTargetGroupResponse;
use aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings;
use serde_json::Value;

use crate::body::Body;
use crate::failure::Error;
use crate::headers::merged;
use crate::response::{IntoResponse, Response};

impl IntoResponse for ApiGatewayV2httpResponse {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response {
            status: read_status(self.status_code)?,
            headers: merged(self.headers, self.multi_value_headers),
            cookies: self.cookies,
            body: body_of(self.body)?,
            is_base64_encoded: self.is_base64_encoded,
        })
    }

    async fn into_direct(self) -> Result<Value, Error> {
        Ok(serde_json::to_value(self)?)
    }
}

impl IntoResponse for ApiGatewayProxyResponse {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response {
            status: read_status(self.status_code)?,
            headers: merged(self.headers, self.multi_value_headers),
            cookies: Vec::new(),
            body: body_of(self.body)?,
            is_base64_encoded: self.is_base64_encoded,
        })
    }

    async fn into_direct(self) -> Result<Value, Error> {
        Ok(serde_json::to_value(self)?)
    }
}

impl IntoResponse for AlbTargetGroupResponse {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response {
            status: read_status(self.status_code)?,
            headers: merged(self.headers, self.multi_value_headers),
            cookies: Vec::new(),
            body: body_of(self.body)?,
            is_base64_encoded: self.is_base64_encoded,
        })
    }

    async fn into_direct(self) -> Result<Value, Error> {
        Ok(serde_json::to_value(self)?)
    }
}

fn read_status(status: i64) -> Result<u16, Error> {
    let problem = || format!("status_code: expected a whole number from 200 to 999, got {status}");
    u16::try_from(status).map_err(|_| problem().into())
}

/// Bytes are bytes, whether the flag says so or not.
fn body_of(body: Option<encodings::Body>) -> Result<Body, Error> {
    match body {
        None | Some(encodings::Body::Empty) => Ok(Body::default()),
        Some(encodings::Body::Text(text)) => Ok(Body::text(text)),
        Some(encodings::Body::Binary(bytes)) => Ok(Body::bytes(bytes)),
        Some(other) => Err(format!("body: expected text or bytes, got {other:?}").into()),
    }
}
