//! What a program of callers is told, and the line that it prints.

use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::load::{Span, percentile};

/// A kind of call, which command lines name.
pub(crate) trait Named: Copy + PartialEq + 'static {
    const ALL: &'static [Self];
    fn name(self) -> &'static str;
    /// What tables call it.
    fn title(self) -> &'static str;
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|case| case.name() == name)
    }
}

/// What a program of callers is told.
#[derive(Clone, Debug)]
pub(crate) struct Arguments<C> {
    /// A `corbaloc:` or a URL, or `host:port` for a floor.
    pub(crate) target: String,
    /// The server's process, whose CPU time is read.
    pub(crate) server: u32,
    pub(crate) case: C,
    pub(crate) callers: usize,
    pub(crate) span: Span,
}

impl<C: Named> Arguments<C> {
    pub(crate) fn give(&self, command: &mut Command) {
        let milliseconds = |time: Duration| time.as_millis().to_string();
        command.args([&*self.target, &self.server.to_string(), self.case.name(), &self.callers.to_string()]);
        command.args([milliseconds(self.span.warm_up), milliseconds(self.span.measured)]);
    }

    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let [target, server, case, callers, warm_up, measured] = arguments else {
            anyhow::bail!("callers want TARGET SERVER_PID CASE CALLERS WARM_UP_MS MEASURED_MS");
        };
        let span = Span {
            warm_up: Duration::from_millis(warm_up.parse()?),
            measured: Duration::from_millis(measured.parse()?),
        };
        let case = C::named(case).with_context(|| format!("there is no case {case}"))?;
        Ok(Self { target: target.clone(), server: server.parse()?, case, callers: callers.parse()?, span })
    }
}

/// What one cell gave, once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) calls: u64,
    pub(crate) wall: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// CPU time of the callers' process and of the server's, user and system.
    pub(crate) client_cpu: Duration,
    pub(crate) server_cpu: Duration,
}

impl Sample {
    pub(crate) fn new(
        mut latencies: Vec<u64>,
        wall: Duration,
        client_cpu: Duration,
        server_cpu: Duration,
    ) -> Self {
        latencies.sort_unstable();
        let at = |percent| Duration::from_nanos((percentile(&latencies, percent) * 1000.0) as u64);
        let (p50, p99) = (at(50), at(99));
        Self { calls: latencies.len() as u64, wall, p50, p99, client_cpu, server_cpu }
    }

    pub(crate) fn calls_per_second(&self) -> f64 {
        self.calls as f64 / self.wall.as_secs_f64()
    }

    pub(crate) fn p50_us(&self) -> f64 {
        self.p50.as_secs_f64() * 1e6
    }

    pub(crate) fn p99_us(&self) -> f64 {
        self.p99.as_secs_f64() * 1e6
    }

    pub(crate) fn client_us(&self) -> f64 {
        self.client_cpu.as_secs_f64() * 1e6 / self.calls as f64
    }

    pub(crate) fn server_us(&self) -> f64 {
        self.server_cpu.as_secs_f64() * 1e6 / self.calls as f64
    }

    /// Of both sides, per call.
    pub(crate) fn cpu_us(&self) -> f64 {
        self.client_us() + self.server_us()
    }

    /// The line of a program of callers: calls, then nanoseconds.
    pub(crate) fn print(&self) -> Result<()> {
        let times = [self.wall, self.p50, self.p99, self.client_cpu, self.server_cpu];
        let times: Vec<String> = times.iter().map(|time| time.as_nanos().to_string()).collect();
        println!("{} {}", self.calls, times.join(" "));
        Ok(std::io::stdout().flush()?)
    }

    pub(crate) fn parse(line: &str) -> Result<Self> {
        let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>();
        let numbers = numbers.with_context(|| format!("the callers printed {line:?}"))?;
        let [calls, wall, p50, p99, client, server] = numbers[..] else {
            anyhow::bail!("the callers printed {line:?}");
        };
        ensure!(calls > 0, "the callers made no call");
        let time = Duration::from_nanos;
        let (p50, p99) = (time(p50), time(p99));
        Ok(Self { calls, wall: time(wall), p50, p99, client_cpu: time(client), server_cpu: time(server) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_peers_is_read() {
        let sample = Sample::parse("10 1000000 5000 9000 20000 30000\n").unwrap();
        assert_eq!((sample.calls, sample.p50_us(), sample.cpu_us()), (10, 5.0, 5.0));
        assert!(Sample::parse("").is_err() && Sample::parse("0 1 1 1 1 1").is_err());
    }
}
