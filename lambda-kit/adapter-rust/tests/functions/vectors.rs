//! The function that executes vectors when deployed. The handler that it is configured with is its mode: `buffered`,
//! `stream` or `interleaved`.

#[path = "../script/mod.rs"]
mod script;
#[path = "../script/setup.rs"]
mod setup;

use std::task::{Context, Poll};

use lambda_runtime::tower::{Layer, layer::layer_fn, service_fn};
use lambda_runtime::{LambdaEvent, LambdaInvocation, Runtime, Service};
use lpr_lambda_adapter::{Answer, BatchStreamLayer, BatchStreamService, Error};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().init();
    match std::env::var("_HANDLER")?.as_str() {
        "buffered" => lambda_runtime::run(service_fn(buffered)).await,
        mode => streamed(mode == "interleaved").await,
    }
}

/// The adapter is made anew for every event, as each vector has options of its own.
async fn buffered(event: LambdaEvent<Value>) -> Result<Answer, Error> {
    let setup = setup::Setup::of(&event.payload);
    setup.buffered().answer(LambdaEvent::new(event.payload, setup.context(event.context))).await
}

async fn streamed(interleaved: bool) -> Result<(), Error> {
    let plain = setup::Setup::of(&Value::Null).streamed(interleaved);
    let layer = layer_fn(move |inner| PerEvent { inner, interleaved });
    Runtime::new(plain).layer(layer).run().await
}

/// Sets up the context and lays the adapter's own layer around the runtime, for each event anew.
struct PerEvent<S> {
    inner: S,
    interleaved: bool,
}

impl<S: Service<LambdaInvocation, Response = (), Error = Error>> Service<LambdaInvocation> for PerEvent<S> {
    type Response = ();
    type Error = Error;
    type Future = <BatchStreamService<S> as Service<LambdaInvocation>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut invocation: LambdaInvocation) -> Self::Future {
        let setup = setup::Setup::of(&serde_json::from_slice(&invocation.body).unwrap_or_default());
        invocation.context = setup.context(invocation.context);
        BatchStreamLayer::new(setup.streamed(self.interleaved)).layer(&mut self.inner).call(invocation)
    }
}
