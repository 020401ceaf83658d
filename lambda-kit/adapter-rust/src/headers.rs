use std::collections::BTreeMap;

use http::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use serde_json::{Map, Value};

use crate::failure::Error;
use crate::wire::Head;

/// Writes out headers and cookies. `set-cookie` moves to the cookies; every other value is kept, in `headers` joined as
/// HTTP allows for lists, for a router that knows no other map.
pub(crate) fn write_head(status_code: u16, headers: &HeaderMap, cookies: Vec<String>) -> Head {
    let mut head =
        Head { status_code, headers: BTreeMap::new(), multi_value_headers: BTreeMap::new(), cookies: trimmed(cookies) };
    for name in headers.keys() {
        let values: Vec<String> = headers.get_all(name).iter().map(text_of).collect();
        if name == SET_COOKIE {
            head.cookies.extend(values);
            continue;
        }
        head.headers.insert(name.to_string(), values.join(", "));
        if values.len() > 1 {
            head.multi_value_headers.insert(name.to_string(), values);
        }
    }
    head
}

fn trimmed(cookies: Vec<String>) -> Vec<String> {
    cookies.iter().map(|cookie| cookie.trim()).filter(|cookie| !cookie.is_empty()).map(str::to_owned).collect()
}

/// A value as text: UTF-8 if it is that, else the characters of latin-1, which HTTP once meant.
fn text_of(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// Joins the two maps of a response. Where both have a name the multi-value map wins, as in API Gateway.
pub(crate) fn merged(mut headers: HeaderMap, multi: HeaderMap) -> HeaderMap {
    for name in multi.keys() {
        headers.remove(name);
    }
    headers.extend(multi);
    headers
}

/// Reads a map of headers from JSON, in which values may be numbers, booleans and lists, and null stands for none.
pub(crate) fn read_map(map: Option<&Value>) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for (name, value) in fields(map)?.into_iter().flatten() {
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|error| format!("header {name}: {error}"))?;
        for text in texts(value).map_err(|error| format!("header {name}: {error}"))? {
            let value = HeaderValue::from_bytes(text.as_bytes()).map_err(|error| format!("header {name}: {error}"))?;
            headers.append(&key, value);
        }
    }
    Ok(headers)
}

fn fields(map: Option<&Value>) -> Result<Option<&Map<String, Value>>, Error> {
    match map {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(other) => Err(format!("headers: expected an object of values, got {other}").into()),
    }
}

/// The values of a header, or the cookies, in JSON.
pub(crate) fn texts(value: &Value) -> Result<Vec<String>, Error> {
    Ok(match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Number(_) | Value::Bool(_) => vec![value.to_string()],
        Value::Array(values) => {
            let values: Result<Vec<_>, _> = values.iter().map(texts).collect();
            values?.concat()
        }
        Value::Object(_) => return Err("expected text, a number or a boolean, got an object".into()),
    })
}
