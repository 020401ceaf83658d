use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lambda_runtime::Context;
use tokio::sync::watch;

/// The context of one item: the Lambda context, whose `request_id` is the item's id, and what else bounds its time.
#[derive(Clone, Debug)]
pub struct ItemContext {
    lambda: Context,
    clients: Arc<ClientDeadline>,
    cancelled: watch::Receiver<bool>,
}

impl ItemContext {
    pub(crate) fn new(lambda: Context, clients: Arc<ClientDeadline>, cancelled: watch::Receiver<bool>) -> Self {
        ItemContext { lambda, clients, cancelled }
    }

    /// Time until the invocation or the clients of the batch give up, whichever is first. The clients wait for the head
    /// of a response only, so with interleaved records they bound nothing once that was sent.
    pub fn remaining(&self) -> Duration {
        let end = [self.lambda.deadline, self.clients.get()].into_iter().filter(|&ms| ms > 0).min();
        end.map_or(Duration::MAX, until)
    }

    /// Whether the time is up, or nearly so: up to 200 ms before it is.
    pub fn is_cancelled(&self) -> bool {
        *self.cancelled.borrow()
    }

    /// Waits until the time is up, or nearly so. For use beside the handler's own work, in a `select!`.
    pub async fn cancelled(&self) {
        let mut cancelled = self.cancelled.clone();
        if cancelled.wait_for(|&is| is).await.is_err() {
            // The item is done, and nobody is left to tell.
            std::future::pending().await
        }
    }

    pub(crate) fn into_lambda(self) -> Context {
        let mut lambda = self.lambda;
        let clients = self.clients.get();
        if clients > 0 && (lambda.deadline == 0 || clients < lambda.deadline) {
            lambda.deadline = clients;
        }
        lambda
    }
}

/// Everything else that Lambda says, for example `invoked_function_arn` and `xray_trace_id`.
impl Deref for ItemContext {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.lambda
    }
}

/// Unix time in ms by which the last client gives up waiting for a response head; 0 for never.
#[derive(Debug, Default)]
pub(crate) struct ClientDeadline(AtomicU64);

impl ClientDeadline {
    pub fn new(ms: u64) -> Self {
        ClientDeadline(AtomicU64::new(ms))
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Time from now until a Unix time in ms; zero if that has passed.
pub(crate) fn until(ms: u64) -> Duration {
    let end = UNIX_EPOCH + Duration::from_millis(ms);
    end.duration_since(SystemTime::now()).unwrap_or_default()
}
