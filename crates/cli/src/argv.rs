//! Lets flags stand anywhere, before the command too.

use std::ffi::OsString;

use clap::Command;

/// Moves flags before the command's name behind it, where their command knows them.
pub(crate) fn flags_last(cli: &Command, arguments: Vec<OsString>) -> Vec<OsString> {
    let mut at = 1;
    while let Some(flag) = arguments.get(at).and_then(|argument| argument.to_str()) {
        if flag == "--" || !flag.starts_with('-') || flag == "-" {
            break;
        }
        at += if takes_next(cli, flag) { 2 } else { 1 };
    }
    let is_command = |name: &OsString| name.to_str().is_some_and(|name| cli.find_subcommand(name).is_some());
    if at < 2 || !arguments.get(at).is_some_and(is_command) {
        return arguments;
    }
    let mut moved = arguments;
    moved[1..=at].rotate_right(1);
    moved
}

/// Whether the value of that flag is the argument after it.
fn takes_next(cli: &Command, flag: &str) -> bool {
    let known = || cli.get_subcommands().flat_map(Command::get_arguments);
    if let Some(name) = flag.strip_prefix("--") {
        // the value of `--name=value` is in it
        return known().any(|arg| arg.get_long() == Some(name) && arg.get_action().takes_values());
    }
    // of `-vo` the last one counts, but the value of `-ojson` is in it
    let mut letters = flag.chars().skip(1).peekable();
    while let Some(letter) = letters.next() {
        if known().any(|arg| arg.get_short() == Some(letter) && arg.get_action().takes_values()) {
            return letters.peek().is_none();
        }
    }
    false
}

/// Whether errors are to be JSON, even that of a line that cannot be understood.
pub(crate) fn asks_for_json(arguments: &[OsString]) -> bool {
    let mut before = "";
    for argument in arguments.iter().map(|argument| argument.to_str().unwrap_or_default()) {
        if argument == "--" {
            return false;
        }
        if matches!(argument, "-ojson" | "-o=json" | "--output=json")
            || (argument == "json" && matches!(before, "-o" | "--output"))
        {
            return true;
        }
        before = argument;
    }
    false
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn moved(line: &str) -> String {
        let arguments = line.split(' ').map(OsString::from).collect();
        let moved = flags_last(&crate::args::Cli::command(), arguments);
        moved.iter().map(|a| a.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn flags_may_come_before_the_command() {
        for (line, expected) in [
            ("farcall call x y -v", "farcall call x y -v"),
            ("farcall -v -o json call x y", "farcall call -v -o json x y"),
            ("farcall -vojson call x", "farcall call -vojson x"),
            ("farcall -u call call x", "farcall call -u call x"),
            ("farcall --deadline=5s list x", "farcall list --deadline=5s x"),
            ("farcall --deadline 5s list x", "farcall list --deadline 5s x"),
            ("farcall --help", "farcall --help"),
            ("farcall -o json nonsense", "farcall -o json nonsense"),
        ] {
            assert_eq!(moved(line), expected);
        }
    }

    #[test]
    fn json_errors_are_noticed_without_parsing() {
        let asks = |line: &str| asks_for_json(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert!(asks("farcall call -o json") && asks("farcall -ojson") && asks("farcall --output json"));
        assert!(!asks("farcall call x y json") && !asks("farcall call -- -ojson"));
    }
}
