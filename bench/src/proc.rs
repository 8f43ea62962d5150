//! What the kernel knows of a process: CPU time and memory, from `/proc`.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// A reading of a process's CPU time (user and system), thread by thread.
pub(crate) struct CpuTime {
    threads: BTreeMap<u32, u64>,
}

impl CpuTime {
    /// Reads `/proc/PID/task/*/schedstat`, whose unit is the nanosecond; `stat` counts in 10 ms.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let mut threads = BTreeMap::new();
        let tasks = format!("/proc/{pid}/task");
        for task in fs::read_dir(&tasks).with_context(|| format!("reading {tasks}"))? {
            let task = task?;
            let Some(id) = task.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            // a thread may end between the listing and the reading
            let Ok(line) = fs::read_to_string(task.path().join("schedstat")) else { continue };
            let on_cpu = line.split_whitespace().next().and_then(|field| field.parse().ok());
            threads.insert(id, on_cpu.with_context(|| format!("{tasks}/{id}/schedstat says {line:?}"))?);
        }
        Ok(Self { threads })
    }

    /// What was used since `earlier`. A thread that ended in between is missed: take both readings
    /// while the callers are connected, so that threads which serve a connection are still there.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        let used = |(id, now): (&u32, &u64)| {
            now.saturating_sub(earlier.threads.get(id).copied().unwrap_or_default())
        };
        Duration::from_nanos(self.threads.iter().map(used).sum())
    }
}

/// Resident memory now, in bytes.
pub(crate) fn resident(pid: u32) -> Result<u64> {
    status_field(pid, "VmRSS:")
}

/// The most resident memory since [`reset_peak`], in bytes.
pub(crate) fn peak(pid: u32) -> Result<u64> {
    status_field(pid, "VmHWM:")
}

/// Makes the present the peak (`5` to `clear_refs`, proc(5)).
pub(crate) fn reset_peak(pid: u32) -> Result<()> {
    let path = format!("/proc/{pid}/clear_refs");
    fs::write(&path, "5").with_context(|| format!("writing {path}"))
}

fn status_field(pid: u32, name: &str) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes =
        line.and_then(|line| line.split_whitespace().next()).and_then(|field| field.parse::<u64>().ok());
    Ok(kilobytes.with_context(|| format!("{path} has no {name}"))? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_busy_thread_is_charged_what_it_used() {
        let me = std::process::id();
        let before = CpuTime::of(me).unwrap();
        let start = Instant::now();
        let mut spins = 0_u64;
        while start.elapsed() < Duration::from_millis(60) {
            spins = std::hint::black_box(spins + 1);
        }
        let used = CpuTime::of(me).unwrap().since(&before);
        assert!(used > Duration::from_millis(10), "{used:?}");
        assert!(used < Duration::from_secs(5), "{used:?}");
    }

    #[test]
    fn the_peak_is_reset_and_grows() {
        let me = std::process::id();
        reset_peak(me).unwrap();
        let before = peak(me).unwrap();
        let held = std::hint::black_box(vec![1_u8; 256 << 20]);
        assert!(peak(me).unwrap() >= before + (200 << 20));
        drop(held);
        assert!(resident(me).unwrap() > 0);
    }
}
