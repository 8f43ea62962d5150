//! Callers of ours: tasks that call until the time is over, and what both processes spent.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;

use crate::proc::CpuTime;
use crate::sample::{Arguments, Named, Sample};

/// One caller, which calls again when its last call is done.
pub(crate) trait Call: Send + 'static {
    fn once(&mut self) -> impl Future<Output = Result<()>> + Send;

    /// Whether what came back last is what was sent first.
    fn check(&self) -> Result<()>;
}

/// Slack over the span before a server is taken to hang.
const PATIENCE: Duration = Duration::from_secs(120);

/// Lets callers that `make` gives call, each as a task of its own.
///
/// # Errors
/// A call that fails, an answer that is wrong, or no end in time.
pub(crate) async fn measure<C: Call, K: Named>(
    arguments: &Arguments<K>,
    make: impl FnMut(usize) -> Result<C>,
) -> Result<Sample> {
    let limit = arguments.span.warm_up + arguments.span.measured + PATIENCE;
    tokio::time::timeout(limit, unbounded(arguments, make)).await?
}

async fn unbounded<C: Call, K: Named>(
    arguments: &Arguments<K>,
    make: impl FnMut(usize) -> Result<C>,
) -> Result<Sample> {
    let mut idle = (0..arguments.callers).map(make).collect::<Result<Vec<_>>>()?;
    idle[0].once().await?;
    idle[0].check()?;
    let (idle, _) = all_until(idle, Instant::now() + arguments.span.warm_up).await?;
    let me = std::process::id();
    let (ours, theirs) = (CpuTime::of(me)?, CpuTime::of(arguments.server)?);
    let start = Instant::now();
    let (idle, latencies) = all_until(idle, start + arguments.span.measured).await?;
    let wall = start.elapsed();
    let client = CpuTime::of(me)?.since(&ours);
    let server = CpuTime::of(arguments.server)?.since(&theirs);
    idle.iter().try_for_each(Call::check)?;
    Ok(Sample::new(latencies, wall, client, server))
}

/// Lets every caller call until `end`, each at least once, and gathers their latencies in ns.
async fn all_until<C: Call>(callers: Vec<C>, end: Instant) -> Result<(Vec<C>, Vec<u64>)> {
    let mut running = JoinSet::new();
    for caller in callers {
        running.spawn(until(caller, end));
    }
    let (mut idle, mut latencies) = (Vec::new(), Vec::new());
    while let Some(done) = running.join_next().await {
        let (caller, mut times) = done??;
        idle.push(caller);
        latencies.append(&mut times);
    }
    Ok((idle, latencies))
}

async fn until<C: Call>(mut caller: C, end: Instant) -> Result<(C, Vec<u64>)> {
    let mut latencies = Vec::new();
    let mut start = Instant::now();
    loop {
        caller.once().await?;
        let now = Instant::now();
        latencies.push((now - start).as_nanos() as u64);
        if now >= end {
            return Ok((caller, latencies));
        }
        start = now;
    }
}
