use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

/// Any error, as the Lambda runtime takes it.
pub type Error = lambda_runtime::Error;

/// Where an item went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No id, the id of another item, or not what the handler's event type takes.
    Item,
    /// The handler returned an error or panicked.
    Handler,
    /// What it returned is no response, or too large.
    Response,
    /// The stream of its body failed.
    Body,
    /// Not done when the invocation's time was almost up.
    Deadline,
    /// The response stream is gone.
    Write,
}

impl Phase {
    /// The name that the phase has in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Item => "item",
            Phase::Handler => "handler",
            Phase::Response => "response",
            Phase::Body => "body",
            Phase::Deadline => "deadline",
            Phase::Write => "write",
        }
    }
}

/// The error of a handler, or of a body, that panicked.
#[derive(Debug)]
pub struct Panic {
    message: String,
}

impl Panic {
    fn of(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Panic { message: text.unwrap_or("a value that is no text").to_owned() }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panic: {}", self.message)
    }
}

impl std::error::Error for Panic {}

/// Why an item has no proper answer, and where it went wrong.
#[derive(Debug)]
pub(crate) struct Failure {
    pub phase: Phase,
    pub cause: Error,
    /// It failed only because the whole stream did, which is reported once, not for every item.
    pub is_gone: bool,
}

impl Failure {
    pub fn new(phase: Phase, cause: impl Into<Error>) -> Self {
        Failure { phase, cause: cause.into(), is_gone: false }
    }

    pub fn gone() -> Self {
        Failure { phase: Phase::Write, cause: "the response stream is gone".into(), is_gone: true }
    }

    /// What a client may know: status and message. The rest is in the log.
    pub fn client_answer(&self) -> (u16, &'static str) {
        match self.phase {
            Phase::Deadline => (504, "timeout"),
            _ => (500, "internal error"),
        }
    }
}

/// Runs one step of an item's work. Its error, or its panic, is marked with the step's name.
pub(crate) async fn in_phase<T, E: Into<Error>>(
    phase: Phase,
    step: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure> {
    match AssertUnwindSafe(step).catch_unwind().await {
        Ok(result) => result.map_err(|error| Failure::new(phase, error)),
        Err(payload) => Err(Failure::new(phase, Panic::of(payload.as_ref()))),
    }
}
