use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::body::{Body, collect};
use crate::failure::Error;
use crate::headers::{merged, read_map, texts, write_head};
use crate::json::to_text;
use crate::wire::{EncodedBody, Head};

use futures_util::TryStreamExt;

/// A response to one request. Its body may be bytes or a stream, its headers may repeat and need not be ASCII.
///
/// ```
/// use lpr_lambda_adapter::{Body, Response};
///
/// let plain = Response::text("hello");
/// let page = Response { status: 404, body: Body::text("<p>gone</p>"), ..Response::default() };
/// # assert_eq!((plain.status, page.status), (200, 404));
/// ```
#[derive(Debug)]
pub struct Response {
    /// From 200 to 999; 200 by default.
    pub status: u16,
    /// `set-cookie` among them becomes a cookie.
    pub headers: HeaderMap,
    /// Sent in their order, each as a `set-cookie` of its own.
    pub cookies: Vec<String>,
    /// Empty by default.
    pub body: Body,
    /// Says that the text of the body, or each piece of it, is base64. Bytes need no flag.
    pub is_base64_encoded: bool,
}

impl Default for Response {
    fn default() -> Self {
        let (headers, cookies) = (HeaderMap::new(), Vec::new());
        Response { status: 200, headers, cookies, body: Body::default(), is_base64_encoded: false }
    }
}

impl Response {
    /// Status 200 with text.
    pub fn text(text: impl Into<String>) -> Self {
        Response::of("text/plain; charset=utf-8", Body::text(text))
    }

    /// Status 200 with bytes.
    pub fn binary(bytes: impl Into<bytes::Bytes>) -> Self {
        Response::of("application/octet-stream", Body::bytes(bytes))
    }

    /// Status 200 with the JSON of a value.
    pub fn json(value: &impl Serialize) -> Self {
        Response::of("application/json", Body::json(value))
    }

    /// The same response with another status.
    pub fn with_status(self, status: u16) -> Self {
        Response { status, ..self }
    }

    fn of(content_type: &'static str, body: Body) -> Self {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Response { headers, body, ..Response::default() }
    }

    pub(crate) fn into_parts(self) -> Result<Parts, Error> {
        let body = if self.is_base64_encoded { self.body.decoded()? } else { self.body.checked()? };
        if !(200..=999).contains(&self.status) {
            return Err(format!("status: expected a whole number from 200 to 999, got {}", self.status).into());
        }
        Ok(Parts { head: write_head(self.status, &self.headers, self.cookies), body })
    }
}

/// A response that is fit to be sent.
pub(crate) struct Parts {
    pub head: Head,
    pub body: Body,
}

/// What a handler may return.
pub trait IntoResponse: Sized {
    /// Makes a response of it. An error fails the item.
    fn into_response(self) -> Result<Response, Error>;

    /// Makes the value of it that answers an event that is no batch. By default that is the response in API Gateway's
    /// format 2.0; for types of the `aws_lambda_events` crate and JSON it is the value itself.
    fn into_direct(self) -> impl Future<Output = Result<Value, Error>> + Send {
        let response = self.into_response();
        async move { to_value(response?).await }
    }
}

async fn to_value(response: Response) -> Result<Value, Error> {
    #[derive(Serialize)]
    struct Whole {
        #[serde(flatten)]
        head: Head,
        #[serde(flatten)]
        body: EncodedBody,
    }
    let Parts { head, body } = response.into_parts()?;
    let body = collect(body.into_stream().try_collect().await?).encode();
    Ok(serde_json::to_value(Whole { head, body })?)
}

impl IntoResponse for Response {
    fn into_response(self) -> Result<Response, Error> {
        Ok(self)
    }
}

/// A body alone has status 200 and is an octet stream.
impl IntoResponse for Body {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::of("application/octet-stream", self))
    }
}

/// As in API Gateway: an object with `statusCode` is a response; any other value is sent as JSON, text as it is.
impl IntoResponse for Value {
    fn into_response(self) -> Result<Response, Error> {
        match self {
            Value::String(text) => Ok(Response::of("application/json", Body::text(text))),
            Value::Object(fields) if fields.get("statusCode").is_some_and(|status| !status.is_null()) => {
                from_fields(&fields)
            }
            other => Ok(Response::of("application/json", Body::text(to_text(&other)?))),
        }
    }

    async fn into_direct(self) -> Result<Value, Error> {
        Ok(self)
    }
}

/// Any value that has JSON, which is read as that of a [`Value`] is.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Result<Response, Error> {
        let text = to_text(&self.0)?;
        // The text may have an order that a `Value` would not keep.
        match serde_json::from_str(&text)? {
            Value::Object(fields) if !fields.contains_key("statusCode") => {
                Ok(Response::of("application/json", Body::text(text)))
            }
            value => value.into_response(),
        }
    }

    fn into_direct(self) -> impl Future<Output = Result<Value, Error>> + Send {
        let value = serde_json::to_value(self.0);
        async move { Ok(value?) }
    }
}

/// Nothing is the `null` that the runtime makes of it.
impl IntoResponse for () {
    fn into_response(self) -> Result<Response, Error> {
        Value::Null.into_response()
    }

    async fn into_direct(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }
}

fn from_fields(fields: &Map<String, Value>) -> Result<Response, Error> {
    let flag = fields.get("isBase64Encoded");
    Ok(Response {
        status: read_status(fields.get("statusCode"))?,
        headers: merged(read_map(fields.get("headers"))?, read_map(fields.get("multiValueHeaders"))?),
        cookies: texts(fields.get("cookies").unwrap_or(&Value::Null))?,
        body: match fields.get("body") {
            None | Some(Value::Null) => Body::default(),
            Some(Value::String(text)) => Body::text(text),
            Some(other) => Body::text(to_text(other)?),
        },
        is_base64_encoded: flag.is_some_and(|flag| flag == &Value::Bool(true) || flag == "true"),
    })
}

/// Takes whole numbers, and three digits as text. The range is checked with the rest of the response.
fn read_status(value: Option<&Value>) -> Result<u16, Error> {
    let status = match value {
        Some(Value::Number(number)) => number.as_f64().filter(|status| status.fract() == 0.0),
        Some(Value::String(text)) if text.len() == 3 => text.parse::<u16>().ok().map(f64::from),
        _ => None,
    };
    match status {
        Some(status) if (0.0..=f64::from(u16::MAX)).contains(&status) => Ok(status as u16),
        _ => Err(format!("statusCode: expected a whole number from 200 to 999, got {}", value.unwrap_or(&Value::Null))
            .into()),
    }
}
