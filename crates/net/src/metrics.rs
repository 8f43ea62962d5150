//! Metrics by OpenTelemetry's names for RPC: [`CallMetrics`] for protocols,
//! [`Prometheus`] for whoever collects them.
//!
//! The recorder has to be installed before servers and clients are built,
//! for they keep handles into it; without one, all of this costs nothing.
//!
//! ```
//! use farcall_net::CallMetrics;
//!
//! let metrics = CallMetrics::server("xmlrpc");
//! let quote = metrics.operation("quote"); // once, kept with the operation
//! let call = quote.start();
//! call.finish(None);
//! ```

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use farcall_wire::FaultKind;
use metrics::{Counter, Gauge, Histogram, Unit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// So many operation names a protocol has of its own; any more, which callers
/// may have invented, are counted together as `_OTHER`.
const NAMES: usize = 4096;

const SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// Keeps metrics in this process and writes them as Prometheus text.
#[derive(Clone)]
pub struct Prometheus(PrometheusHandle);

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prometheus")
    }
}

impl Prometheus {
    /// Installs the recorder for the whole process; once only.
    ///
    /// # Errors
    /// If a recorder is installed already.
    pub fn install() -> Result<Self, MetricsError> {
        let handle = PrometheusBuilder::new()
            .with_recommended_naming(true)
            .set_buckets(&SECONDS)
            .and_then(PrometheusBuilder::install_recorder)
            .map_err(|error| MetricsError(error.to_string()))?;
        describe();
        Ok(Self(handle))
    }

    /// All metrics in Prometheus' text format 0.0.4.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Folds what was recorded since; a [`Server`](crate::Server) does it every few seconds.
    pub fn fold(&self) {
        self.0.run_upkeep();
    }
}

/// No recorder could be installed.
#[derive(Debug, thiserror::Error)]
#[error("metrics cannot be collected: {0}")]
pub struct MetricsError(String);

fn describe() {
    let calls = [
        ("rpc.server.call.duration", "Time that calls took in this server"),
        ("rpc.client.call.duration", "Time that calls to other servers took"),
    ];
    for (name, text) in calls {
        metrics::describe_histogram!(name, Unit::Seconds, text);
    }
    metrics::describe_gauge!("rpc.server.active_calls", "Calls that run in this server");
    metrics::describe_gauge!("rpc.client.active_calls", "Calls to other servers that run");
    metrics::describe_gauge!("http.server.active_requests", "HTTP requests in progress");
    metrics::describe_gauge!("farcall.server.connections", "Open connections");
    metrics::describe_counter!("farcall.server.received", Unit::Bytes, "Octets of request bodies");
    metrics::describe_counter!("farcall.server.sent", Unit::Bytes, "Octets of reply bodies");
    metrics::describe_counter!("farcall.server.refused", "Requests and connections refused, by reason");
}

/// Duration, count and errors of one protocol's calls, on one side.
pub struct CallMetrics {
    system: &'static str,
    duration: &'static str,
    active: OnceLock<Gauge>,
    gauge: &'static str,
    operations: RwLock<HashMap<Box<str>, Arc<OperationMetrics>>>,
}

impl fmt::Debug for CallMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallMetrics").field("system", &self.system).finish()
    }
}

impl CallMetrics {
    /// Of calls that come in over that protocol, such as `xmlrpc`.
    #[must_use]
    pub fn server(system: &'static str) -> Self {
        Self::new(system, "rpc.server.call.duration", "rpc.server.active_calls")
    }

    /// Of calls that go out over that protocol.
    #[must_use]
    pub fn client(system: &'static str) -> Self {
        Self::new(system, "rpc.client.call.duration", "rpc.client.active_calls")
    }

    fn new(system: &'static str, duration: &'static str, gauge: &'static str) -> Self {
        Self { system, duration, active: OnceLock::new(), gauge, operations: RwLock::default() }
    }

    /// The handles of one operation. Keep the result where the operation is
    /// kept; asking again costs a look-up, and an unknown name an allocation.
    pub fn operation(&self, method: &str) -> Arc<OperationMetrics> {
        let operations = self.operations.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = operations.get(method) {
            return Arc::clone(found);
        }
        let method = if operations.len() < NAMES { method } else { "_OTHER" };
        drop(operations);
        let mut operations = self.operations.write().unwrap_or_else(PoisonError::into_inner);
        let made = operations.entry(method.into()).or_insert_with(|| {
            let active =
                self.active.get_or_init(|| metrics::gauge!(self.gauge, "rpc.system.name" => self.system));
            Arc::new(OperationMetrics::new(self, method, active.clone()))
        });
        Arc::clone(made)
    }
}

/// The handles of one operation.
pub struct OperationMetrics {
    system: &'static str,
    duration: &'static str,
    method: String,
    ok: Histogram,
    active: Gauge,
}

impl fmt::Debug for OperationMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationMetrics").field("method", &self.method).finish()
    }
}

impl OperationMetrics {
    fn new(of: &CallMetrics, method: &str, active: Gauge) -> Self {
        let labels = [("rpc.system.name", of.system.to_owned()), ("rpc.method", method.to_owned())];
        let ok = metrics::histogram!(of.duration, &labels);
        Self { system: of.system, duration: of.duration, method: method.to_owned(), ok, active }
    }

    /// One call begins.
    #[must_use]
    pub fn start(&self) -> CallTimer<'_> {
        self.active.increment(1.0);
        CallTimer { operation: self, begun: Instant::now(), open: true }
    }

    fn record(&self, begun: Instant, error: Option<FaultKind>) {
        let seconds = begun.elapsed().as_secs_f64();
        self.active.decrement(1.0);
        match error {
            None => self.ok.record(seconds),
            Some(kind) => {
                let labels = [
                    ("rpc.system.name", self.system.to_owned()),
                    ("rpc.method", self.method.clone()),
                    ("error.type", kind.name().to_owned()),
                ];
                metrics::histogram!(self.duration, &labels).record(seconds);
            }
        }
    }
}

/// One call in progress; dropped without [`CallTimer::finish`] it counts as cancelled.
#[derive(Debug)]
pub struct CallTimer<'a> {
    operation: &'a OperationMetrics,
    begun: Instant,
    open: bool,
}

impl CallTimer<'_> {
    /// The call ends, with the kind of its fault if there was one.
    pub fn finish(mut self, error: Option<FaultKind>) {
        self.open = false;
        self.operation.record(self.begun, error);
    }
}

impl Drop for CallTimer<'_> {
    fn drop(&mut self) {
        if self.open {
            self.operation.record(self.begun, Some(FaultKind::Cancelled));
        }
    }
}

/// What a server counts whatever the protocol.
pub(crate) struct ServerGauges {
    requests: Gauge,
    connections: Gauge,
    received: Counter,
    sent: Counter,
}

impl ServerGauges {
    pub(crate) fn new() -> Self {
        Self {
            requests: metrics::gauge!("http.server.active_requests"),
            connections: metrics::gauge!("farcall.server.connections"),
            received: metrics::counter!("farcall.server.received"),
            sent: metrics::counter!("farcall.server.sent"),
        }
    }

    pub(crate) fn active(&self) -> Held<'_> {
        Held::new(&self.requests)
    }

    pub(crate) fn connection(&self) -> Held<'_> {
        Held::new(&self.connections)
    }

    pub(crate) fn received(&self, octets: usize) {
        self.received.increment(octets as u64);
    }

    pub(crate) fn sent(&self, octets: usize) {
        self.sent.increment(octets as u64);
    }

    pub(crate) fn refused(&self, reason: &'static str) {
        metrics::counter!("farcall.server.refused", "reason" => reason).increment(1);
    }
}

/// One more in a gauge until dropped.
pub(crate) struct Held<'a>(&'a Gauge);

impl<'a> Held<'a> {
    fn new(gauge: &'a Gauge) -> Self {
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
