use std::sync::Arc;

use futures_util::{Stream, StreamExt, stream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::Instrument;

use crate::batch::Item;
use crate::body::{Chunk, collect};
use crate::failure::{Failure, Phase, in_phase};
use crate::handler::Call;
use crate::response::Parts;
use crate::scope::Scope;
use crate::settings::Settings;
use crate::wire::{BufferedResponse, Head};

/// One thing that a run has to tell: its head first, then its chunks, in the end that it is done or has failed.
pub(crate) enum Told {
    Head(Head),
    Chunk(Chunk),
    Done,
    Failed(Failure),
}

/// One item at work, in a task of its own, so that a handler or a body that never ends, or blocks, can be given up.
/// Dropping it ends the task at its next `await`.
pub(crate) struct Run {
    told: mpsc::Receiver<Told>,
    task: JoinHandle<()>,
}

impl Run {
    pub fn start(settings: &Settings, item: &Item, scope: &Scope) -> Self {
        let (tell, told) = mpsc::channel(1);
        let (call, event, context) = (Arc::clone(&settings.call), Arc::clone(&item.event), scope.context());
        let work = async move {
            let last = match work(&call, event, context, &tell).await {
                Ok(()) => Told::Done,
                Err(failure) => Told::Failed(failure),
            };
            let _ = tell.send(last).await;
        };
        let span = tracing::info_span!("item", requestId = %item.id);
        Run { told, task: tokio::spawn(work.instrument(span)) }
    }

    pub async fn next(&mut self, scope: &mut Scope) -> Told {
        match scope.mind(self.told.recv()).await {
            Ok(Some(told)) => told,
            Ok(None) => Told::Failed(Failure::new(Phase::Handler, "the task of the handler was ended")),
            Err(failure) => Told::Failed(failure),
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An error means that nobody listens any more, which is no failure.
async fn work(
    call: &Call,
    event: Arc<serde_json::Value>,
    context: crate::ItemContext,
    tell: &mpsc::Sender<Told>,
) -> Result<(), Failure> {
    let answer = call(event, context).await?;
    let Parts { head, body } = in_phase(Phase::Response, async { answer.into_response()?.into_parts() }).await?;
    if tell.send(Told::Head(head)).await.is_err() {
        return Ok(());
    }
    in_phase(Phase::Body, async {
        let mut chunks = body.into_stream();
        while let Some(chunk) = chunks.next().await {
            if tell.send(Told::Chunk(chunk?)).await.is_err() {
                break;
            }
        }
        Ok::<(), crate::Error>(())
    })
    .await
}

/// Runs an item to its end, for its head and all of its body.
pub(crate) async fn whole(settings: &Settings, item: &Item, scope: &mut Scope) -> Result<(Head, Chunk), Failure> {
    let mut run = Run::start(settings, item, scope);
    let mut head = None;
    let mut chunks = Vec::new();
    loop {
        match run.next(scope).await {
            Told::Head(told) => head = Some(told),
            Told::Chunk(chunk) => chunks.push(chunk),
            Told::Failed(failure) => return Err(failure),
            Told::Done => break,
        }
    }
    let head = head.ok_or_else(|| Failure::new(Phase::Response, "no head was told"))?;
    Ok((head, collect(chunks)))
}

/// The same as the answer to the item: a failure, once reported, is an answer too.
pub(crate) fn answered(settings: &Settings, item: &Item, result: Result<(Head, Chunk), Failure>) -> BufferedResponse {
    match result {
        Ok((head, body)) => BufferedResponse { id: item.id.clone(), head, body: body.encode() },
        Err(failure) => {
            settings.report.failure(&failure, item);
            BufferedResponse::of_failure(&item.id, &failure)
        }
    }
}

/// Has `work` done for every item, as many at a time as the settings allow, started in order. Yields what comes of it,
/// in the order in which it comes. A place that becomes free is taken at once, whatever the others are doing.
pub(crate) fn side_by_side<'a, T, Working: Future<Output = T> + 'a>(
    settings: &'a Settings,
    items: &'a [Item],
    work: impl Fn(usize, &'a Item) -> Working + 'a,
) -> impl Stream<Item = T> + 'a {
    let limit = settings.concurrency.unwrap_or(items.len()).max(1);
    stream::iter(items.iter().enumerate()).map(move |(index, item)| work(index, item)).buffer_unordered(limit)
}
