//! From the command line to the exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::args::{Cli, Command, Format, IdlCommand, IorCommand, NamesCommand};
use crate::exit::{Exit, Failure};
use crate::{argv, call, describe, generate, idl, ior, lint, list, names, send, serve, template};

/// Runs the command that the arguments ask for.
pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let wants_json = argv::asks_for_json(&arguments);
    let arguments = argv::flags_last(&Cli::command(), arguments);
    let parsed = Cli::command().try_get_matches_from(arguments);
    let command = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli.command,
        Err(error) => return misuse(&error, wants_json),
    };
    logging(&command);
    let as_json = command.format() == Some(Format::Json);
    match dispatch(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report(as_json);
            ExitCode::from(failure.exit.code())
        }
    }
}

fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Call(args) => farcall::block_on(call::call(&args)),
        Command::List(args) => farcall::block_on(list::list(&args)),
        Command::Describe(args) => farcall::block_on(describe::describe(&args)),
        Command::Template(args) => farcall::block_on(template::template(&args)),
        Command::Send(args) => farcall::block_on(send::send(&args)),
        Command::Lint(args) => lint::lint(&args),
        Command::Gen(args) => farcall::block_on(generate::generate(&args)),
        Command::Idl(IdlCommand::Check { files, include }) => idl::check(&files, &include),
        Command::Ior(IorCommand::Show(args)) => ior::show(&args),
        Command::Ior(IorCommand::Make(args)) => ior::make(&args),
        Command::Names(command) => names::names(&command),
        Command::Serve(args) => serve::serve(&args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "farcall", &mut script);
            crate::output::print(&script)
        }
    }
}

/// Help and version go to standard output; what cannot be understood is an error.
fn misuse(error: &clap::Error, as_json: bool) -> ExitCode {
    if as_json && error.use_stderr() {
        let text = error.render().to_string();
        let message = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        let failure = Failure::usage(message).then_try("farcall --help");
        failure.report(true);
    } else {
        // there is nowhere left to complain to
        let _ = error.print();
    }
    ExitCode::from(if error.use_stderr() { Exit::Usage.code() } else { 0 })
}

/// Logs go to standard error, as `RUST_LOG` says; a server tells at least of warnings.
fn logging(command: &Command) {
    use tracing_subscriber::EnvFilter;
    let default = match command {
        Command::Serve(args) if args.verbose => "info",
        Command::Serve(_) | Command::Names(NamesCommand::Serve(_)) => "warn",
        _ => "off",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
