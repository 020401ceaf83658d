use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lambda_runtime::Context;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use crate::context::{ClientDeadline, ItemContext, until};
use crate::failure::{Failure, Phase};

/// How long before its time is up an item is told; half of it before the end of the invocation it is given up.
const MAX_MARGIN: Duration = Duration::from_millis(200);

/// What bounds the time of the items of one batch.
#[derive(Clone)]
pub(crate) struct Bounds {
    pub context: Context,
    /// Unix time in ms; 0 for never.
    pub client_deadline_ms: u64,
    /// Where records go. When its other end is gone, nobody can be answered any more.
    pub records: Option<mpsc::Sender<Bytes>>,
}

/// Bounds the time of one item, and tells its handler.
pub(crate) struct Scope {
    context: ItemContext,
    clients: Arc<ClientDeadline>,
    cancel: watch::Sender<bool>,
    records: Option<mpsc::Sender<Bytes>>,
    /// When to tell the handler: for the invocation's sake, and for the clients'.
    soft: [Option<Instant>; 2],
    /// When to stop waiting: half-way between the first of those times and the end of the invocation.
    hard: Option<Instant>,
    end: Option<Instant>,
}

impl Scope {
    /// The scope of an item, whose id its context gets.
    pub fn of_item(id: &str, bounds: &Bounds) -> Self {
        let mut context = bounds.context.clone();
        context.request_id = id.to_owned();
        Scope::new(context, bounds.client_deadline_ms, bounds.records.clone())
    }

    /// The scope of an event that is no batch. Its handler is told, and never given up: it is the runtime that does so.
    pub fn of_event(context: Context) -> Self {
        Scope { hard: None, end: None, ..Scope::new(context, 0, None) }
    }

    fn new(lambda: Context, client_deadline_ms: u64, records: Option<mpsc::Sender<Bytes>>) -> Self {
        let now = Instant::now();
        let soft = |ms: u64| (ms > 0).then(|| now + before(until(ms), 1));
        let end = (lambda.deadline > 0).then(|| now + until(lambda.deadline));
        let hard = end.map(|end| now + before(end - now, 2));
        let soft = [soft(lambda.deadline), soft(client_deadline_ms)];
        let clients = Arc::new(ClientDeadline::new(client_deadline_ms));
        let (cancel, cancelled) = watch::channel(false);
        let context = ItemContext::new(lambda, Arc::clone(&clients), cancelled);
        Scope { context, clients, cancel, records, soft, hard, end }
    }

    pub fn context(&self) -> ItemContext {
        self.context.clone()
    }

    /// The clients wait for the head only; from here on the invocation's time is the only bound.
    pub fn head_sent(&mut self) {
        self.clients.clear();
        self.soft[1] = None;
    }

    /// Tells the handler. Should that come late, because the machine was busy, it still gets half of what is left.
    fn tell(&mut self) {
        let now = Instant::now();
        if self.soft[0].is_some_and(|soft| soft <= now) {
            self.hard = self.hard.max(self.end.map(|end| now + end.saturating_duration_since(now) / 2));
        }
        self.soft = [None; 2];
        self.cancel.send_replace(true);
    }

    /// Awaits a step of the item's way. Fails when the item is given up first.
    pub async fn mind<T>(&mut self, step: impl Future<Output = T>) -> Result<T, Failure> {
        tokio::pin!(step);
        loop {
            let soft = self.soft.into_iter().flatten().min();
            tokio::select! {
                biased;
                value = &mut step => return Ok(value),
                () = gone(self.records.as_ref()) => return Err(Failure::gone()),
                () = at(soft) => self.tell(),
                () = at(self.hard) => return Err(Failure::new(Phase::Deadline, "the time of the invocation is almost up")),
            }
        }
    }
}

/// The time left less a margin: a tenth of a short time, so that most of it is left for the work.
fn before(left: Duration, divisor: u32) -> Duration {
    left - MAX_MARGIN.min(left / 10) / divisor
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

async fn gone(records: Option<&mpsc::Sender<Bytes>>) {
    match records {
        Some(records) => records.closed().await,
        None => std::future::pending().await,
    }
}
