use std::sync::Arc;

use futures_util::future::BoxFuture;
use lambda_runtime::LambdaEvent;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::context::ItemContext;
use crate::failure::{Error, Failure, Phase, in_phase};
use crate::response::{IntoResponse, Response};

/// A handler of one request: an `async fn` (or a closure) that takes the event and an [`ItemContext`], or one
/// [`LambdaEvent`], as handlers for `lambda_runtime` do.
///
/// `Args` tells the two apart and is never written.
pub trait Handler<Args>: Send + Sync + 'static {
    /// What an item is decoded into.
    type Event: DeserializeOwned + Send;
    /// What becomes a response.
    type Answer: IntoResponse + Send + 'static;
    /// Why there is none.
    type Error: Into<Error>;

    /// Handles one request.
    fn call(
        &self,
        event: Self::Event,
        context: ItemContext,
    ) -> impl Future<Output = Result<Self::Answer, Self::Error>> + Send + 'static;
}

impl<F, Event, Answering, Answer, Failed> Handler<(Event, ItemContext)> for F
where
    F: Fn(Event, ItemContext) -> Answering + Send + Sync + 'static,
    Event: DeserializeOwned + Send,
    Answering: Future<Output = Result<Answer, Failed>> + Send + 'static,
    Answer: IntoResponse + Send + 'static,
    Failed: Into<Error>,
{
    type Event = Event;
    type Answer = Answer;
    type Error = Failed;

    fn call(
        &self,
        event: Event,
        context: ItemContext,
    ) -> impl Future<Output = Result<Answer, Failed>> + Send + 'static {
        self(event, context)
    }
}

impl<F, Event, Answering, Answer, Failed> Handler<(LambdaEvent<Event>,)> for F
where
    F: Fn(LambdaEvent<Event>) -> Answering + Send + Sync + 'static,
    Event: DeserializeOwned + Send,
    Answering: Future<Output = Result<Answer, Failed>> + Send + 'static,
    Answer: IntoResponse + Send + 'static,
    Failed: Into<Error>,
{
    type Event = Event;
    type Answer = Answer;
    type Error = Failed;

    fn call(
        &self,
        event: Event,
        context: ItemContext,
    ) -> impl Future<Output = Result<Answer, Failed>> + Send + 'static {
        self(LambdaEvent::new(event, context.into_lambda()))
    }
}

/// A handler of any event and any answer.
pub(crate) type Call =
    Arc<dyn Fn(Arc<Value>, ItemContext) -> BoxFuture<'static, Result<Box<dyn AnyAnswer>, Failure>> + Send + Sync>;

/// Forgets the types of a handler.
pub(crate) fn erased<Args: 'static>(handler: impl Handler<Args>) -> Call {
    let handler = Arc::new(handler);
    Arc::new(move |event, context| {
        let handler = Arc::clone(&handler);
        Box::pin(async move { call(&*handler, &event, context).await })
    })
}

async fn call<Args, H: Handler<Args>>(
    handler: &H,
    event: &Value,
    context: ItemContext,
) -> Result<Box<dyn AnyAnswer>, Failure> {
    let event = serde::Deserialize::deserialize(event).map_err(|error| Failure::new(Phase::Item, error))?;
    // In an async block, so that a panic before the first await is caught as well.
    let answer = in_phase(Phase::Handler, async { handler.call(event, context).await }).await?;
    Ok(Box::new(answer))
}

/// What a handler returned, whatever that is.
pub(crate) trait AnyAnswer: Send {
    fn into_response(self: Box<Self>) -> Result<Response, Error>;
    fn into_direct(self: Box<Self>) -> BoxFuture<'static, Result<Value, Error>>;
}

impl<T: IntoResponse + Send + 'static> AnyAnswer for T {
    fn into_response(self: Box<Self>) -> Result<Response, Error> {
        IntoResponse::into_response(*self)
    }

    fn into_direct(self: Box<Self>) -> BoxFuture<'static, Result<Value, Error>> {
        Box::pin(IntoResponse::into_direct(*self))
    }
}
