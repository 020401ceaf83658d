//! What goes to the router.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;

use crate::failure::{Failure, Phase};

/// The one version of the wire format that this crate speaks.
pub(crate) const VERSION: u8 = 1;

/// Status and headers of a response. A name in `multi_value_headers` wins over the same name in `headers`.
#[derive(Clone, Debug, Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Head {
    pub status_code: u16,
    pub headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub multi_value_headers: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<String>,
}

/// A body, or a piece of one.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EncodedBody {
    pub body: String,
    pub is_base64_encoded: bool,
}

/// One item's whole answer.
#[derive(Debug, Serialize)]
pub(crate) struct BufferedResponse {
    pub id: String,
    #[serde(flatten)]
    pub head: Head,
    #[serde(flatten)]
    pub body: EncodedBody,
}

impl BufferedResponse {
    /// The answer to an item that failed before anything of its response was sent.
    pub fn of_failure(id: &str, failure: &Failure) -> Self {
        let (status_code, message) = failure.client_answer();
        let headers = BTreeMap::from([("content-type".to_owned(), "text/plain".to_owned())]);
        let head = Head { status_code, headers, multi_value_headers: BTreeMap::new(), cookies: Vec::new() };
        let body = EncodedBody { body: message.to_owned(), is_base64_encoded: false };
        BufferedResponse { id: id.to_owned(), head, body }
    }
}

/// The answer to a batch that is not streamed.
#[derive(Debug, Serialize)]
pub(crate) struct Envelope {
    pub v: u8,
    pub responses: Vec<BufferedResponse>,
}

/// One line of a streamed answer.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Record<'a> {
    Whole {
        v: u8,
        #[serde(flatten)]
        response: &'a BufferedResponse,
    },
    Part {
        v: u8,
        id: &'a str,
        #[serde(flatten)]
        part: Part<'a>,
    },
}

/// One of the records of an interleaved response.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Part<'a> {
    Head(&'a Head),
    Chunk(EncodedBody),
    End,
    #[serde(rename_all = "camelCase")]
    Error {
        status_code: u16,
        message: &'a str,
    },
}

impl Part<'_> {
    /// After the head the client cannot be told a status any more; the router resets its connection.
    pub fn of_failure(failure: &Failure, head_sent: bool) -> Self {
        let (status_code, message) = failure.client_answer();
        let broken_body = head_sent && failure.phase == Phase::Body;
        Part::Error { status_code, message: if broken_body { "stream error" } else { message } }
    }
}

impl Record<'_> {
    /// The record as a line of NDJSON.
    pub fn to_line(&self) -> Bytes {
        // Records are text and numbers: they always have JSON.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line.into()
    }
}
