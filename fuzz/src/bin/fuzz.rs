//! Runs fuzz targets for a bounded time: `fuzz [--seconds N] [--seed N] [TARGET | FILE]…`.
//!
//! First each file of the target's corpus as it is, then mutations of them. An
//! input that takes a new way is not known as such without instrumentation;
//! what was accepted without an error of the target is all the same worth
//! mutating again, and so are inputs of new lengths. A panic writes the input
//! to `fuzz/crashes/<target>/`, from where it can be run alone.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{fs, panic};

use farcall_fuzz::{Mutator, Random, TARGETS, Target};

/// An input that takes longer is a finding as well.
const SLOW: Duration = Duration::from_secs(2);
/// So many inputs beside the corpus are kept to go on from.
const KEPT: usize = 2_000;

struct Options {
    seconds: u64,
    seed: u64,
    targets: Vec<Target>,
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            eprintln!("fuzz: {wrong}");
            return ExitCode::from(2);
        }
    };
    let mut failed = false;
    for file in &options.files {
        failed |= !replay(&options.targets, file);
    }
    if options.files.is_empty() {
        for target in &options.targets {
            failed |= !fuzz(target, &options);
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut options =
        Options { seconds: 30, seed: clock.as_nanos() as u64, targets: Vec::new(), files: Vec::new() };
    let number = |args: &mut dyn Iterator<Item = String>, name: &str| {
        args.next().and_then(|n| n.parse().ok()).ok_or_else(|| format!("{name} wants a number"))
    };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seconds" => options.seconds = number(&mut args, "--seconds")?,
            "--seed" => options.seed = number(&mut args, "--seed")?,
            name => match TARGETS.iter().find(|target| target.name == name) {
                Some(target) => options.targets.push(*target),
                None if Path::new(name).is_file() => options.files.push(name.into()),
                None => {
                    let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
                    return Err(format!("{name:?} is neither a file nor a target: {}", names.join(", ")));
                }
            },
        }
    }
    if options.targets.is_empty() {
        options.targets = TARGETS.to_vec();
    }
    Ok(options)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the target's corpus, in the order of their names.
fn corpus(target: &Target) -> Vec<Vec<u8>> {
    let folder = root().join("corpus").join(target.name);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().filter_map(|file| fs::read(file).ok()).collect()
}

/// True if the target took the file.
fn replay(targets: &[Target], file: &Path) -> bool {
    let input = match fs::read(file) {
        Ok(input) => input,
        Err(error) => {
            eprintln!("fuzz: {}: {error}", file.display());
            return false;
        }
    };
    targets.iter().all(|target| {
        let good = passes(target, &input);
        println!("{}: {} {}", target.name, file.display(), if good { "passes" } else { "FAILS" });
        good
    })
}

fn passes(target: &Target, input: &[u8]) -> bool {
    panic::catch_unwind(|| (target.run)(input)).is_ok()
}

/// True if nothing was found.
fn fuzz(target: &Target, options: &Options) -> bool {
    let mut inputs = corpus(target);
    let seeds = inputs.len();
    println!(
        "{}: {seeds} inputs of the corpus, then {} s from --seed {}",
        target.name, options.seconds, options.seed
    );
    for input in &inputs {
        if !takes(target, input) {
            return false;
        }
    }
    let mut mutator = Mutator::new(Random::new(options.seed), target.words);
    let mut lengths: HashSet<usize> = HashSet::new();
    let (begun, mut runs) = (Instant::now(), 0_u64);
    while begun.elapsed() < Duration::from_secs(options.seconds) {
        let input = mutator.next(&inputs);
        runs += 1;
        if !takes(target, &input) {
            return false;
        }
        if inputs.len() < seeds + KEPT && input.len() < 2_000 && lengths.insert(input.len()) {
            inputs.push(input);
        }
    }
    println!("{}: {runs} inputs, nothing found", target.name);
    true
}

/// Runs one input; one that panics or is slow is saved.
fn takes(target: &Target, input: &[u8]) -> bool {
    let begun = Instant::now();
    let good = passes(target, input);
    let took = begun.elapsed();
    if good && took < SLOW {
        return true;
    }
    let folder = root().join("crashes").join(target.name);
    let file = folder.join(format!("{:016x}", fingerprint(input)));
    let saved = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, input));
    match saved {
        Ok(()) => eprintln!("{}: FAILED after {took:?}; the input is {}", target.name, file.display()),
        Err(error) => eprintln!("{}: FAILED, and cannot save the input: {error}: {input:?}", target.name),
    }
    false
}

/// FNV-1a: a name for a file, no more.
fn fingerprint(input: &[u8]) -> u64 {
    input.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
