use std::error::Error as StdError;
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use lambda_runtime::LambdaEvent;
use serde::{Serialize, Serializer};
use serde_json::Value;
use tower::Service;

use crate::batch::{Batch, Event, Item};
use crate::failure::{Error, Failure, Phase};
use crate::handler::{Handler, erased};
use crate::report::ErrorInfo;
use crate::run::{answered, side_by_side, whole};
use crate::scope::{Bounds, Scope};
use crate::settings::Settings;
use crate::wire::{BufferedResponse, Envelope, VERSION};

/// Makes a batch handler of a handler of one request, for routes with `invokeMode: buffered`. It is a service for
/// [`lambda_runtime::run`].
///
/// Items are handled side by side, each in a task of its own, and their responses come back in the items' order. An item
/// that fails, or panics, is logged, told to `on_error` and answered with status 500; the others are not affected. Events
/// that are no batch go to the handler itself, and its value comes back unchanged.
pub fn batch_adapter<Args: 'static>(handler: impl Handler<Args>) -> BatchAdapter {
    BatchAdapter { settings: Settings::new(erased(handler)) }
}

/// Answers batches with one document. Made by [`batch_adapter`].
#[derive(Clone)]
pub struct BatchAdapter {
    settings: Settings,
}

impl BatchAdapter {
    /// Says how many items are handled at once. The default is all items of the batch.
    ///
    /// # Panics
    /// When the limit is 0.
    pub fn with_concurrency(mut self, limit: usize) -> Self {
        self.settings.set_concurrency(limit);
        self
    }

    /// Has `on_error` told of every error, after it was logged. The item's answer waits for it.
    pub fn with_on_error(
        mut self,
        on_error: impl Fn(&(dyn StdError + 'static), &ErrorInfo) + Send + Sync + 'static,
    ) -> Self {
        self.settings.set_on_error(on_error);
        self
    }

    /// Answers one event.
    ///
    /// # Errors
    /// A batch of an unknown version, and whatever the handler says to an event that is no batch.
    pub async fn answer(&self, event: LambdaEvent<Value>) -> Result<Answer, Error> {
        match Event::read(event.payload)? {
            Event::Batch(batch) => {
                let envelope = answer_batch(&self.settings, batch, event.context).await;
                Ok(Answer(Answered::Batch(envelope)))
            }
            Event::Direct(payload) => {
                let direct = answer_directly(&self.settings, payload, event.context).await?;
                Ok(Answer(Answered::Direct(direct.into_direct().await?)))
            }
        }
    }
}

impl Service<LambdaEvent<Value>> for BatchAdapter {
    type Response = Answer;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Answer, Error>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: LambdaEvent<Value>) -> Self::Future {
        let adapter = self.clone();
        Box::pin(async move { adapter.answer(event).await })
    }
}

/// What the runtime is to send: the responses to a batch, or the handler's own value.
#[derive(Debug)]
pub struct Answer(Answered);

#[derive(Debug)]
enum Answered {
    Batch(Envelope),
    Direct(Value),
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Answered::Batch(envelope) => envelope.serialize(serializer),
            Answered::Direct(value) => value.serialize(serializer),
        }
    }
}

/// Has the handler answer an ordinary event. Its errors come back as they are.
pub(crate) async fn answer_directly(
    settings: &Settings,
    event: Value,
    context: lambda_runtime::Context,
) -> Result<Box<dyn crate::handler::AnyAnswer>, Error> {
    let mut scope = Scope::of_event(context);
    let call = (settings.call)(event.into(), scope.context());
    scope.mind(call).await.and_then(|answer| answer).map_err(|failure| failure.cause)
}

async fn answer_batch(settings: &Settings, batch: Batch, context: lambda_runtime::Context) -> Envelope {
    let bounds = Bounds { client_deadline_ms: batch.client_deadline_ms, records: None, context };
    let items = batch.answerable(&settings.report, &bounds.context.request_id);
    let mut responses: Vec<(usize, BufferedResponse)> = side_by_side(settings, &items, |index, item| {
        let mut scope = Scope::of_item(&item.id, &bounds);
        async move { (index, answered(settings, item, whole(settings, item, &mut scope).await)) }
    })
    .collect()
    .await;
    responses.sort_by_key(|&(index, _)| index);
    let mut responses: Vec<_> = responses.into_iter().map(|(_, response)| response).collect();
    fit(settings, &mut responses, &items);
    Envelope { v: VERSION, responses }
}

/// Most bytes of responses in one envelope. Lambda takes 6 MiB and fails the whole invocation beyond it; the margin is
/// for the envelope around the responses.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const MAX_RESPONSES: usize = 6 * 1024 * 1024 - 1024;

/// Replaces the largest responses by failures if all together would be too large for one invocation.
fn fit(settings: &Settings, responses: &mut [BufferedResponse], items: &[Item]) {
    // JSON writes one byte as six at most. To measure exactly means to serialise twice, so most batches pass by this.
    let bodies: usize = responses.iter().map(|response| response.body.body.len()).sum();
    if bodies * 6 < MAX_RESPONSES / 2 {
        return;
    }
    let size_of = |response| serde_json::to_vec(response).map_or(0, |json| json.len() + 1);
    let mut sizes: Vec<(usize, usize)> = responses.iter().map(size_of).enumerate().collect();
    sizes.sort_by_key(|&(_, size)| size);
    let mut left = MAX_RESPONSES;
    for (index, size) in sizes {
        match left.checked_sub(size) {
            Some(rest) => left = rest,
            None => responses[index] = too_large(settings, &items[index], size),
        }
    }
}

fn too_large(settings: &Settings, item: &Item, size: usize) -> BufferedResponse {
    let advice = "stream them, or make maxBatchSize smaller";
    let problem = format!("response of {size} bytes: all responses of a batch share {MAX_RESPONSES} bytes; {advice}");
    answered(settings, item, Err(Failure::new(Phase::Response, problem)))
}
