use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use lambda_runtime::LambdaEvent;
use serde_json::Value;
use tokio::sync::mpsc;
use tracing::Instrument;

use crate::batch::{Batch, Event, Item};
use crate::body::{Chunk, MAX_CHUNK};
use crate::failure::{Error, Failure, Phase};
use crate::handler::{Handler, erased};
use crate::report::ErrorInfo;
use crate::run::{Run, Told, answered, side_by_side, whole};
use crate::scope::{Bounds, Scope};
use crate::settings::Settings;
use crate::wire::{Part, Record, VERSION};

/// Makes a streaming batch handler of a handler of one request, for routes with `invokeMode: response_stream`. It is
/// served by [`run_stream`](crate::run_stream).
///
/// Each response is sent as soon as it is done, whichever item it belongs to; with
/// [`with_interleaved`](BatchStreamAdapter::with_interleaved) each piece of a response as soon as it is made. An item
/// that fails is logged, told to `on_error` and answered with status 500 (or reset, once its head was sent); the others
/// are not affected.
pub fn batch_adapter_stream<Args: 'static>(handler: impl Handler<Args>) -> BatchStreamAdapter {
    BatchStreamAdapter { settings: Settings::new(erased(handler)), interleaved: false }
}

/// Answers batches with a stream. Made by [`batch_adapter_stream`].
#[derive(Clone)]
pub struct BatchStreamAdapter {
    pub(crate) settings: Settings,
    interleaved: bool,
}

impl BatchStreamAdapter {
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

    /// Sends each response piece by piece, as it is made, instead of whole.
    pub fn with_interleaved(mut self, interleaved: bool) -> Self {
        self.interleaved = interleaved;
        self
    }

    /// Answers a batch, with the lines of the stream; nothing if the event is no batch. For functions that do not use
    /// [`run_stream`](crate::run_stream), and for tests. The items are handled by tasks of the current Tokio runtime.
    ///
    /// # Errors
    /// A batch of an unknown version.
    pub fn answer(&self, event: LambdaEvent<Value>) -> Result<Option<Records>, Error> {
        match Event::read(event.payload)? {
            Event::Batch(batch) => Ok(Some(self.start(batch, event.context))),
            Event::Direct(_) => Ok(None),
        }
    }

    pub(crate) fn start(&self, batch: Batch, context: lambda_runtime::Context) -> Records {
        // One line waits while another is on its way; beyond that the items wait for the reader.
        let (lines, records) = mpsc::channel(1);
        let client_deadline_ms = batch.client_deadline_ms;
        let bounds = Bounds { client_deadline_ms, records: Some(lines.clone()), context };
        let job = Job { settings: self.settings.clone(), interleaved: self.interleaved, bounds, lines };
        tokio::spawn(job.answer_all(batch).instrument(tracing::Span::current()));
        Records(records)
    }
}

/// Lines of NDJSON, one record each. Dropping it ends all work on the batch.
#[derive(Debug)]
pub struct Records(mpsc::Receiver<Bytes>);

impl Stream for Records {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.poll_recv(context)
    }
}

/// What the items of one streamed batch share.
struct Job {
    settings: Settings,
    interleaved: bool,
    bounds: Bounds,
    lines: mpsc::Sender<Bytes>,
}

impl Job {
    async fn answer_all(self, batch: Batch) {
        let items = batch.answerable(&self.settings.report, &self.bounds.context.request_id);
        side_by_side(&self.settings, &items, |_, item| self.answer(item)).for_each(|()| async {}).await;
        if self.lines.is_closed() {
            self.report_gone();
        }
    }

    async fn answer(&self, item: &Item) {
        if self.lines.is_closed() {
            return;
        }
        let mut scope = Scope::of_item(&item.id, &self.bounds);
        if self.interleaved {
            self.answer_interleaved(item, &mut scope).await;
        } else {
            self.answer_whole(item, &mut scope).await;
        }
    }

    /// Answers with one record, or with interleaved ones if it is too large for that: routers bound the length of a line.
    async fn answer_whole(&self, item: &Item, scope: &mut Scope) {
        match whole(&self.settings, item, scope).await {
            Ok((head, body)) if body.len() > MAX_CHUNK => {
                self.send_part(item, Part::Head(&head)).await;
                self.send_chunks(item, body).await;
                self.send_part(item, Part::End).await;
            }
            result => {
                let response = answered(&self.settings, item, result);
                self.send(&Record::Whole { v: VERSION, response: &response }).await;
            }
        }
    }

    /// Answers with a head at once, the body piece by piece, and an end.
    async fn answer_interleaved(&self, item: &Item, scope: &mut Scope) {
        let mut run = Run::start(&self.settings, item, scope);
        let mut head_sent = false;
        loop {
            match run.next(scope).await {
                Told::Head(head) => {
                    self.send_part(item, Part::Head(&head)).await;
                    head_sent = true;
                    scope.head_sent();
                }
                Told::Chunk(chunk) => self.send_chunks(item, chunk).await,
                Told::Done => return self.send_part(item, Part::End).await,
                Told::Failed(failure) => return self.send_failure(item, &failure, head_sent).await,
            }
        }
    }

    async fn send_failure(&self, item: &Item, failure: &Failure, head_sent: bool) {
        self.settings.report.failure(failure, item);
        self.send_part(item, Part::of_failure(failure, head_sent)).await;
    }

    async fn send_chunks(&self, item: &Item, body: Chunk) {
        for part in body.split() {
            self.send_part(item, Part::Chunk(part.encode())).await;
        }
    }

    async fn send_part(&self, item: &Item, part: Part<'_>) {
        self.send(&Record::Part { v: VERSION, id: &item.id, part }).await;
    }

    /// There is nobody left to tell if a line cannot be sent, and every item learns of it from its scope.
    async fn send(&self, record: &Record<'_>) {
        let _ = self.lines.send(record.to_line()).await;
    }

    fn report_gone(&self) {
        let request_id = self.bounds.context.request_id.clone();
        let info = ErrorInfo { request_id, phase: Phase::Write, item: None };
        self.settings.report.report(&*Failure::gone().cause, &info);
    }
}
