//! Development tasks: `cargo xtask <task>`.
//!
//! One file a task. To add one: a file with `run(args) -> Result<()>`, a `mod` line and a row in
//! [`TASKS`].

mod artifacts;
mod case;
mod ci;
mod corpus;
mod fuzz;
mod interop;
mod json;
mod matrix;
mod peers;
mod process;
mod report;
mod step;
mod tap;
mod test;

use std::process::ExitCode;

use anyhow::Result;

/// A task: its name, what its arguments are, what it does, and the function that does it.
struct Task {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const TASKS: &[Task] = &[
    Task {
        name: "peers",
        usage: "[--check] [--all] [CASE…]",
        about: "install the foreign programs that the interop cases need",
        run: peers::run,
    },
    Task {
        name: "interop",
        usage: "[--all | --tier N] [--farcall PROGRAM] [--against CASE] [CASE…]",
        about: "run the interop cases: foreign programs against ours, both directions",
        run: interop::run,
    },
    Task {
        name: "fuzz",
        usage: "[--seconds N] [--seed N] [TARGET | FILE]…",
        about: "give the decoders mutated inputs, 30 seconds a target unless told otherwise",
        run: fuzz::run,
    },
    Task {
        name: "corpus",
        usage: "[--no-compile] [--out DIR] DIR…",
        about: "load, generate and compile the descriptions below directories, replay recordings of GIOP, \
                and say what became of each",
        run: corpus::run,
    },
    Task {
        name: "test",
        usage: "",
        about: "everything a change must pass: peers, cargo test --workspace, interop",
        run: test::run,
    },
    Task {
        name: "ci",
        usage: "",
        about: "formatting, lints, then test; tier 2 too where its peers can be had",
        run: ci::run,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(task) = args.first().and_then(|name| TASKS.iter().find(|task| task.name == name)) else {
        print_usage(args.first());
        return ExitCode::from(2);
    };
    let outcome = process::stop_all_on_signal().and_then(|()| (task.run)(&args[1..]));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {}: {error:#}", task.name);
            ExitCode::FAILURE
        }
    }
}

fn print_usage(wrong: Option<&String>) {
    if let Some(wrong) = wrong {
        eprintln!("xtask: no task is named {wrong:?}\n");
    }
    eprintln!("usage: cargo xtask TASK [ARGUMENT…]\n");
    for task in TASKS {
        eprintln!("  {} {}\n      {}", task.name, task.usage, task.about);
    }
}
