use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::{BoxFuture, Either};
use futures_util::{Stream, StreamExt};
use http::header::{CONTENT_TYPE, SET_COOKIE, TRANSFER_ENCODING};
use http::{Method, StatusCode};
use lambda_runtime::streaming::{Body, channel};
use lambda_runtime::{LambdaEvent, LambdaInvocation, MetadataPrelude, Runtime, StreamResponse, layers};
use lambda_runtime_api_client::{PooledClient, build_request};
use serde_json::Value;
use tower::{Layer, Service};

use crate::batch::Event;
use crate::buffered::answer_directly;
use crate::failure::Error;
use crate::response::Parts;
use crate::streamed::{BatchStreamAdapter, Records};

/// Serves a streaming adapter until the process ends, in place of [`lambda_runtime::run`]: that would put a head for
/// function URLs before the records, which is not what the router reads. Events that are no batch are answered with that
/// head, so the same function works behind a function URL.
///
/// # Errors
/// When the Runtime API cannot be reached.
///
/// # Panics
/// Outside of Lambda, where the variables of its environment are missing.
pub async fn run_stream(adapter: BatchStreamAdapter) -> Result<(), Error> {
    let plain = Runtime::new(adapter.clone());
    plain.layer(BatchStreamLayer::new(adapter)).layer(layers::TracingLayer::new()).run().await
}

/// Answers an event that is no batch as function URLs and API Gateway read a stream: status and headers first, then the
/// body. Batches never get here when there is a [`BatchStreamLayer`].
impl Service<LambdaEvent<Value>> for BatchStreamAdapter {
    type Response = StreamResponse<DirectBody>;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Self::Response, Error>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: LambdaEvent<Value>) -> Self::Future {
        let adapter = self.clone();
        Box::pin(async move { adapter.stream_directly(event).await })
    }
}

/// The body of a streamed response to an event that is no batch.
pub type DirectBody = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

impl BatchStreamAdapter {
    async fn stream_directly(&self, event: LambdaEvent<Value>) -> Result<StreamResponse<DirectBody>, Error> {
        let Event::Direct(payload) = Event::read(event.payload)? else {
            return Err("a batch for a streaming adapter: expected run_stream or a BatchStreamLayer to take it".into());
        };
        let answer = answer_directly(&self.settings, payload, event.context).await?;
        let response = answer.into_response()?;
        let (mut headers, status) = (response.headers.clone(), response.status);
        headers.remove(SET_COOKIE);
        let Parts { head, body } = response.into_parts()?;
        let status_code = StatusCode::from_u16(status)?;
        let metadata_prelude = MetadataPrelude { status_code, headers, cookies: head.cookies };
        let stream = body.into_stream().map(|chunk| chunk.map(Bytes::from));
        Ok(StreamResponse { metadata_prelude, stream: Box::pin(stream) })
    }
}

/// The part of [`run_stream`] that answers batches, for a [`Runtime`] put together by hand. All other events go to the
/// service that it is laid around.
///
/// ```no_run
/// # use lambda_runtime::Runtime;
/// # use lpr_lambda_adapter::{BatchStreamAdapter, BatchStreamLayer, Error};
/// # async fn run(adapter: BatchStreamAdapter) -> Result<(), Error> {
/// Runtime::new(adapter.clone()).layer(BatchStreamLayer::new(adapter)).run().await
/// # }
/// ```
pub struct BatchStreamLayer {
    adapter: BatchStreamAdapter,
}

impl BatchStreamLayer {
    /// A layer for one adapter.
    pub fn new(adapter: BatchStreamAdapter) -> Self {
        BatchStreamLayer { adapter }
    }
}

impl<S> Layer<S> for BatchStreamLayer {
    type Service = BatchStreamService<S>;

    fn layer(&self, inner: S) -> BatchStreamService<S> {
        BatchStreamService { inner, adapter: self.adapter.clone(), client: Arc::default() }
    }
}

/// The service of a [`BatchStreamLayer`].
#[derive(Clone)]
pub struct BatchStreamService<S> {
    inner: S,
    adapter: BatchStreamAdapter,
    /// Made when first needed: connections from before a snapshot would be dead after it.
    client: Arc<OnceLock<PooledClient>>,
}

impl<S> Service<LambdaInvocation> for BatchStreamService<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
{
    type Response = ();
    type Error = Error;
    type Future = Either<S::Future, BoxFuture<'static, Result<(), Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        let event = serde_json::from_slice(&invocation.body).map_err(Error::from).and_then(Event::read);
        // What is wrong with any other event is for the runtime to say.
        let Ok(Event::Batch(batch)) = event else { return Either::Left(self.inner.call(invocation)) };
        let id = invocation.parts.headers.get(INVOCATION_ID).cloned();
        let request_id = invocation.context.request_id.clone();
        let records = self.adapter.start(batch, invocation.context);
        let client = Arc::clone(&self.client);
        Either::Right(Box::pin(async move {
            let request = to_request(&request_id, id, records)?;
            let response = client.get_or_init(|| PooledClient::builder().build()).call(request).await?;
            if !response.status().is_success() {
                tracing::error!(status = %response.status(), "the Runtime API refused the response");
            }
            Ok(())
        }))
    }
}

/// Echoed, so that the Runtime API can tell late answers of an earlier attempt.
const INVOCATION_ID: &str = "lambda-runtime-invocation-id";

/// A streamed response as custom runtimes send it:
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming>
fn to_request(
    request_id: &str,
    invocation_id: Option<http::HeaderValue>,
    mut records: Records,
) -> Result<http::Request<Body>, Error> {
    let mut request = build_request()
        .method(Method::POST)
        .uri(format!("/2018-06-01/runtime/invocation/{request_id}/response"))
        .header(CONTENT_TYPE, "application/x-ndjson")
        .header(TRANSFER_ENCODING, "chunked")
        .header("lambda-runtime-function-response-mode", "streaming");
    if let Some(id) = invocation_id {
        request = request.header(INVOCATION_ID, id);
    }
    let (mut sender, body) = channel();
    tokio::spawn(async move {
        while let Some(line) = records.next().await {
            if sender.send_data(line).await.is_err() {
                // Nobody reads any more. Dropping the records tells the items.
                return;
            }
        }
    });
    Ok(request.body(body)?)
}
