use std::error::Error as StdError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde_json::Value;

use crate::batch::Item;
use crate::failure::{Failure, Phase};

/// Which item an error is about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ErrorInfo {
    /// The item's id; the invocation's own if no item is concerned.
    pub request_id: String,
    /// Where it went wrong.
    pub phase: Phase,
    /// The item as it came; absent if no item is concerned.
    pub item: Option<Arc<Value>>,
}

pub(crate) type OnError = Arc<dyn Fn(&(dyn StdError + 'static), &ErrorInfo) + Send + Sync>;

/// Makes errors known: one event to `tracing`, then the user's own function.
#[derive(Clone, Default)]
pub(crate) struct Report {
    pub on_error: Option<OnError>,
}

impl Report {
    pub fn report(&self, error: &(dyn StdError + 'static), info: &ErrorInfo) {
        log(error, info);
        let Some(on_error) = &self.on_error else { return };
        // Whatever goes wrong in there must not cost the other items their answers.
        if catch_unwind(AssertUnwindSafe(|| on_error(error, info))).is_err() {
            let (request_id, phase) = (&info.request_id, info.phase.as_str());
            tracing::error!(event = "on_error_failed", requestId = %request_id, phase, "on_error panicked");
        }
    }

    /// Reports an item's failure, unless it failed only because the whole stream did.
    pub fn failure(&self, failure: &Failure, item: &Item) {
        if failure.is_gone {
            return;
        }
        let item_event = Some(Arc::clone(&item.event));
        let info = ErrorInfo { request_id: item.id.clone(), phase: failure.phase, item: item_event };
        self.report(&*failure.cause, &info);
    }
}

fn log(error: &(dyn StdError + 'static), info: &ErrorInfo) {
    let cause = error.source().map(tracing::field::display);
    tracing::error!(
        event = "item_failed",
        requestId = %info.request_id,
        phase = info.phase.as_str(),
        error = %error,
        cause,
        "item failed"
    );
}
