use std::error::Error as StdError;
use std::sync::Arc;

use crate::handler::Call;
use crate::report::{ErrorInfo, Report};

/// What an adapter was made of.
#[derive(Clone)]
pub(crate) struct Settings {
    pub call: Call,
    /// Absent: all items of the batch.
    pub concurrency: Option<usize>,
    pub report: Report,
}

impl Settings {
    pub fn new(call: Call) -> Self {
        Settings { call, concurrency: None, report: Report::default() }
    }

    pub fn set_concurrency(&mut self, limit: usize) {
        assert!(limit > 0, "with_concurrency: expected a whole number from 1, got 0");
        self.concurrency = Some(limit);
    }

    pub fn set_on_error(&mut self, on_error: impl Fn(&(dyn StdError + 'static), &ErrorInfo) + Send + Sync + 'static) {
        self.report.on_error = Some(Arc::new(on_error));
    }
}
