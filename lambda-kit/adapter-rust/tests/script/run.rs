use std::sync::{Arc, LazyLock, Mutex};

use tokio::sync::watch;

/// What the handlers of one run know of each other, and what is left of it for whoever started it.
pub struct Run(watch::Sender<State>);

#[derive(Clone, Default)]
pub struct State {
    pub peak: usize,
    pub handled: Vec<String>,
    running: usize,
    finished: usize,
}

static CURRENT: LazyLock<Mutex<(String, Arc<Run>)>> = LazyLock::new(|| Mutex::new((String::new(), Run::new())));

/// The run of that name; to ask for another one is to forget it.
pub fn run_of(name: &str) -> Arc<Run> {
    let mut current = CURRENT.lock().expect("no panic while it is held");
    if current.0 != name {
        *current = (name.to_owned(), Run::new());
    }
    Arc::clone(&current.1)
}

impl Run {
    fn new() -> Arc<Run> {
        Arc::new(Run(watch::Sender::default()))
    }

    /// Counts a handler in, until what this gives is dropped.
    pub fn start(self: &Arc<Self>, id: &str) -> AtWork {
        self.0.send_modify(|state| {
            state.handled.push(id.to_owned());
            state.running += 1;
            state.peak = state.peak.max(state.running);
        });
        AtWork(Arc::clone(self))
    }

    /// Waits until so many have been at work at once, and so many have ended. Peaks stay, so whoever comes late has not
    /// missed the moment.
    pub async fn wait(&self, running: usize, finished: usize) {
        let mut states = self.0.subscribe();
        let _ = states.wait_for(|state| state.peak >= running && state.finished >= finished).await;
    }

    #[allow(dead_code, reason = "for tests in the same process")]
    pub fn state(&self) -> State {
        self.0.borrow().clone()
    }
}

pub struct AtWork(Arc<Run>);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.0.send_modify(|state| {
            state.running -= 1;
            state.finished += 1;
        });
    }
}
