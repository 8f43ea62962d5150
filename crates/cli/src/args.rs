//! The command line: commands, arguments and flags. Its comments are the help.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use farcall::net::Address;

use crate::measure::{octets, time};

/// Calls and serves remote procedures.
///
/// TARGET is a URL such as xmlrpc+http://127.0.0.1:2809/RPC2 or soap+http://127.0.0.1:2809/fortune,
/// a reference such as corbaloc::127.0.0.1:2809/fortune, corbaname:… or IOR:…, or host:port. SOAP
/// and CORBA servers do not tell what they have: that is in --idl FILE or
/// --wsdl FILE, or at a SOAP URL with ?wsdl; a WSDL file may be TARGET itself. Flags stand anywhere on
/// the line. Exit codes: 0 done, 1 this machine failed, 2 wrong usage, 3 a value or
/// name does not fit, 4 no connection, no reply in time or nothing at that path, 5 a limit or a
/// refusal, 64 + N another fault N of the server (64 for a negative one and one without a number,
/// 255 for one above 191).
#[derive(Debug, Parser)]
#[command(name = "farcall", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Call an operation and print its result
    Call(CallArgs),
    /// List what can be called
    List(ListArgs),
    /// Show signature, documentation and types
    Describe(DescribeArgs),
    /// Print JSON to fill in, for `call -d @FILE`
    Template(TemplateArgs),
    /// Send an envelope of SOAP as it is, and print the reply as it comes
    Send(SendArgs),
    /// Write an interface as Rust, IDL or WSDL
    Gen(GenArgs),
    /// Say where a WSDL leaves the WS-I Basic Profile, by the numbers of its rules; exit code 1 if it does
    Lint(LintArgs),
    /// Check IDL files
    #[command(subcommand)]
    Idl(IdlCommand),
    /// Take object references of CORBA apart, and make some
    #[command(subcommand)]
    Ior(IorCommand),
    /// Look at, change and serve a naming service of CORBA
    #[command(subcommand)]
    Names(NamesCommand),
    /// Serve the built-in services
    Serve(ServeArgs),
    /// Print a shell's completion script
    Completions {
        /// The shell
        shell: Shell,
    },
}

impl Command {
    /// How it is to print, if that is a choice.
    pub(crate) fn format(&self) -> Option<Format> {
        match self {
            Self::Call(args) => args.output.format,
            Self::List(args) => args.output.format,
            Self::Describe(args) => args.output.format,
            Self::Template(args) => args.output.format,
            Self::Lint(args) => args.output.format,
            Self::Ior(IorCommand::Show(args)) => args.output.format,
            Self::Names(NamesCommand::Ls { client, .. } | NamesCommand::Resolve { client, .. }) => {
                client.output.format
            }
            Self::Names(_)
            | Self::Ior(IorCommand::Make(_))
            | Self::Gen(_)
            | Self::Send(_)
            | Self::Idl(_)
            | Self::Serve(_)
            | Self::Completions { .. } => None,
        }
    }
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// JSON; errors too
    Json,
    /// YAML
    Yaml,
    /// Columns for people
    Table,
    /// The reply's body as it came
    Raw,
}

/// How a command prints.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct OutputArgs {
    /// How to print
    #[arg(id = "output", short, long = "output", value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
}

/// Flags of every command that calls.
#[derive(Args, Debug)]
pub(crate) struct ClientArgs {
    #[command(flatten)]
    pub(crate) interface: InterfaceArgs,
    /// Sign in: USER (password from FARCALL_PASSWORD or asked for), USER:@FILE or USER:env:NAME
    #[arg(short, long, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// Send a bearer token: @FILE, env:NAME or `prompt`
    #[arg(long, value_name = "SOURCE", conflicts_with = "user")]
    pub(crate) bearer: Option<String>,
    /// Sign in by digest where the server asks for it, rather than show it the password
    #[arg(long, requires = "user")]
    pub(crate) digest: bool,
    /// Send a header: 'Name: value', 'Name: @FILE' or 'Name: env:NAME' of HTTP; of SOAP its XML, or
    /// name=text or name:=json if the WSDL declares it
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    pub(crate) headers: Vec<String>,
    /// Speak this version of SOAP [default: that of the WSDL, else 1.1]
    #[arg(long, value_name = "VERSION")]
    pub(crate) soap: Option<SoapVersion>,
    /// Sign in by WS-Security, in SOAP's header: USER, USER:@FILE or USER:env:NAME
    #[arg(long, value_name = "USER")]
    pub(crate) wsse: Option<String>,
    /// Send the password of --wsse as text, for servers that cannot check a digest of it
    #[arg(long, requires = "wsse")]
    pub(crate) wsse_text: bool,
    /// Send a file beside SOAP's XML, where an argument says cid:ID; may be given several times
    #[arg(long, value_name = "ID=FILE")]
    pub(crate) attach: Vec<String>,
    /// Send SOAP's requests of a kilobyte and more compressed by gzip, which not every server reads
    #[arg(long)]
    pub(crate) gzip: bool,
    /// Let a WSDL import from the host of this URL too, beside its own (a file: beside the files in its
    /// directory); may be given several times
    #[arg(long, value_name = "URL")]
    pub(crate) imports_from: Vec<String>,
    /// Trust only the authorities in this PEM file
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
    /// Show this certificate (PEM chain)
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Go through this HTTP proxy (env:NAME or @FILE if its URL has a password), or `none`; else as
    /// HTTP_PROXY and its like say, but never to this machine itself
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Give up after this time, such as 5s, 500ms or 2m [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) deadline: Option<Duration>,
    #[command(flatten)]
    pub(crate) limits: MessageLimits,
    /// Refuse a WSDL in which anything is wrong, and SOAP replies that are not as it says
    #[arg(long)]
    pub(crate) strict: bool,
    /// Show on standard error what goes over the wire, secrets masked: headers and bodies of HTTP, and
    /// messages of GIOP field by field with their offsets
    #[arg(short, long, visible_alias = "wire")]
    pub(crate) verbose: bool,
}

/// A version of SOAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SoapVersion {
    /// SOAP 1.1
    #[value(name = "1.1")]
    V11,
    /// SOAP 1.2
    #[value(name = "1.2")]
    V12,
}

/// What can be called, where the server does not tell.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct InterfaceArgs {
    /// Take operations and types from this IDL file; built-in services need none
    #[arg(long, value_name = "FILE")]
    pub(crate) idl: Option<PathBuf>,
    /// Take them from this WSDL: a file, or the URL at which a server gives it
    #[arg(long, value_name = "FILE|URL", conflicts_with = "idl")]
    pub(crate) wsdl: Option<String>,
    /// Look here for what IDL files include; may be given several times
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub(crate) include: Vec<PathBuf>,
    /// The interface to use, where several have the operation: Name or Module::Name
    #[arg(long, value_name = "NAME")]
    pub(crate) interface: Option<String>,
}

/// What one message may cost.
#[derive(Args, Clone, Debug)]
pub(crate) struct MessageLimits {
    /// Largest message, such as 512K or 64M [default: 64M]
    #[arg(long, value_name = "SIZE", value_parser = octets)]
    pub(crate) max_message: Option<usize>,
    /// Deepest nesting of values [default: 128]
    #[arg(long, value_name = "LEVELS")]
    pub(crate) max_depth: Option<usize>,
    /// Most array items, struct members and XML elements in a message [default: 4000000]
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_elements: Option<usize>,
}

impl MessageLimits {
    /// The defaults, but for what was given.
    pub(crate) fn limits(&self) -> farcall::Limits {
        let default = farcall::Limits::default();
        let (size, depth, elements) = (default.message_size, default.depth, default.elements);
        default
            .with_message_size(self.max_message.unwrap_or(size))
            .with_depth(self.max_depth.unwrap_or(depth))
            .with_elements(self.max_elements.unwrap_or(elements))
    }
}

/// The language of `--as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// A curl command
    Curl,
    /// A Python program
    Python,
    /// A Rust program
    Rust,
}

#[derive(Args, Debug)]
#[command(after_help = ARGUMENTS)]
pub(crate) struct CallArgs {
    /// The server: a URL, host:port, unix:PATH or an object reference
    pub(crate) target: String,
    /// The operation's name
    #[arg(value_name = "OP")]
    pub(crate) operation: String,
    /// JSON values, name=text or name:=json
    #[arg(value_name = "ARG", allow_negative_numbers = true)]
    pub(crate) args: Vec<String>,
    /// All arguments as JSON: an array by position, an object by name; @FILE, @- or - for standard input
    #[arg(short, long, value_name = "JSON", conflicts_with = "args", allow_hyphen_values = true)]
    pub(crate) data: Option<String>,
    /// Ask the server for the parameters' types first, and fit the arguments to them
    #[arg(long)]
    pub(crate) typed: bool,
    /// Print the request and send nothing (but what --typed asks), secrets masked
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the same call in another language and send nothing
    #[arg(long = "as", value_name = "LANGUAGE", conflicts_with = "dry_run")]
    pub(crate) language: Option<Language>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

const ARGUMENTS: &str = "\
Arguments:
  5  2.0  true  null  '\"text\"'  '[1,2]'  '{\"a\":1}'   a JSON value is a parameter, in order
  word                what is not JSON is text (-v says so)
  @FILE               the text in a file, for secrets: -v masks it
  name=text  name=@FILE  name:=json  name:=@FILE
                      parameters by name if --typed finds such, or as param1=, param2=;
                      else the members of one struct, which comes last
  {\"$bytes\":\"BASE64\"}  {\"$datetime\":\"2026-11-22T00:00:00Z\"}  {\"$decimal\":\"1.5\"}
                      what JSON has no form for; with --typed a plain text will do
  --                  what follows is no flag";

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// The server: a URL, host:port, unix:PATH or an object reference
    pub(crate) target: String,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct DescribeArgs {
    /// The server: a URL, host:port, unix:PATH or an object reference
    pub(crate) target: String,
    /// An operation or type; all without
    pub(crate) symbol: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct LintArgs {
    /// A WSDL 1.1 or schema: a file, or the URL at which a server gives it
    #[arg(value_name = "FILE|URL")]
    pub(crate) source: String,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct TemplateArgs {
    /// The server: a URL, host:port, unix:PATH or an object reference
    pub(crate) target: String,
    /// The operation's name
    #[arg(value_name = "OP")]
    pub(crate) operation: String,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct SendArgs {
    /// The service's URL, such as soap+http://127.0.0.1:2809/fortune
    pub(crate) target: String,
    /// The file with the envelope; - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) envelope: String,
    /// The SOAPAction
    #[arg(long, value_name = "URI", default_value = "", hide_default_value = true)]
    pub(crate) action: String,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

/// What `gen` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Generated {
    /// A trait with its types, from which macros make client and server
    Rust,
    /// OMG IDL, for CORBA
    Idl,
    /// WSDL 1.1, document/literal wrapped, for SOAP
    Wsdl,
}

#[derive(Args, Debug)]
pub(crate) struct GenArgs {
    /// What to write
    pub(crate) kind: Generated,
    /// A built-in service's name, FILE.idl, FILE.wsdl, or a server as in the other commands
    pub(crate) source: String,
    /// Write files into this directory, instead of to standard output
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Write a file for each module of Rust, instead of modules in one file
    #[arg(long, requires = "output")]
    pub(crate) split: bool,
    /// Only this operation and what it uses; may be given several times
    #[arg(long, value_name = "OP")]
    pub(crate) only: Vec<String>,
    /// Where the service answers, for WSDL
    #[arg(long, value_name = "URL")]
    pub(crate) location: Option<String>,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IdlCommand {
    /// Say what is wrong with IDL files; exit code 3 if any is refused
    Check {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Look here for what they include; may be given several times
        #[arg(short = 'I', long = "include", value_name = "DIR")]
        include: Vec<PathBuf>,
    },
    /// Lay IDL files out as people write them
    Fmt {
        /// The files; - for standard input, to standard output
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Write nothing: say which files would change; exit code 3 if any would
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum IorCommand {
    /// Show what a reference says: type, addresses, components
    Show(IorShowArgs),
    /// Print a reference as IOR:…
    Make(IorMakeArgs),
}

#[derive(Args, Debug)]
pub(crate) struct IorShowArgs {
    /// IOR:…, corbaloc:…, corbaname:…, or @FILE with one in it
    #[arg(value_name = "REF")]
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args, Debug)]
pub(crate) struct IorMakeArgs {
    /// The server's host
    #[arg(long)]
    pub(crate) host: String,
    /// The server's port
    #[arg(long, default_value_t = 2809)]
    pub(crate) port: u16,
    /// The object's key, with %XX for what is no text
    #[arg(long)]
    pub(crate) key: String,
    /// The interface's repository id, such as IDL:farcall/Fortune:1.0
    #[arg(long = "type", value_name = "ID", default_value = "", hide_default_value = true)]
    pub(crate) id: String,
    /// The version of IIOP: 1.0, 1.1 or 1.2
    #[arg(long, value_name = "VERSION", default_value = "1.2", value_parser = crate::ior::version)]
    pub(crate) iiop: farcall::corba::Version,
    /// Write it in that byte order, which all must read
    #[arg(long)]
    pub(crate) little_endian: bool,
}

/// Names are written id.kind/id.kind; a backslash goes before a dot, slash or backslash in one.
#[derive(Debug, Subcommand)]
pub(crate) enum NamesCommand {
    /// List what is bound in a context; a / ends the names of contexts
    Ls {
        /// The context; the root without
        name: Option<String>,
        /// What is in contexts inside too
        #[arg(short, long)]
        recursive: bool,
        #[command(flatten)]
        client: NamesArgs,
    },
    /// Print the reference that a name is bound to
    Resolve {
        /// The name
        name: String,
        #[command(flatten)]
        client: NamesArgs,
    },
    /// Bind a name to an object, or to a new context
    Bind {
        /// The name
        name: String,
        /// IOR:…, corbaloc:…, another URL, or @FILE with one in it; a new context without
        #[arg(value_name = "REF")]
        reference: Option<String>,
        /// In the place of what is bound to it
        #[arg(long, requires = "reference")]
        replace: bool,
        /// The object is a context of a naming service
        #[arg(long, requires = "reference")]
        context: bool,
        /// Make contexts on the way that are missing
        #[arg(short, long)]
        parents: bool,
        #[command(flatten)]
        client: NamesArgs,
    },
    /// Forget what a name is bound to
    Unbind {
        /// The name
        name: String,
        #[command(flatten)]
        client: NamesArgs,
    },
    /// Serve one that keeps its names in a file
    Serve(NamesServeArgs),
}

/// Which naming service.
#[derive(Args, Debug)]
pub(crate) struct NamesArgs {
    /// The naming service
    #[arg(long = "at", value_name = "REF", default_value = "corbaloc::127.0.0.1:2809/NameService")]
    pub(crate) service: String,
    /// Give up after this time, such as 5s, 500ms or 2m [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) deadline: Option<Duration>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args, Debug)]
pub(crate) struct NamesServeArgs {
    /// Listen at host:port; may be given several times [default: 127.0.0.1:2809]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Vec<Address>,
    /// Keep the names in this file, which is made if it is not there
    #[arg(long, value_name = "FILE", default_value = "farcall-names.redb")]
    pub(crate) file: PathBuf,
    /// Serve the built-in services too, and bind their names
    #[arg(long)]
    pub(crate) builtin: bool,
    /// Serve an event channel too, and bind its name
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Listen at host:port; may be given several times [default: 127.0.0.1:2809, unless --unix]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Vec<Address>,
    /// Listen at a unix socket; may be given several times
    #[arg(long, value_name = "PATH")]
    pub(crate) unix: Vec<PathBuf>,
    /// Speak TLS with this certificate (PEM chain), beside plain
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Refuse TLS callers without a certificate of these authorities (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) client_ca: Option<PathBuf>,
    /// Only let in the users in this file, a line `user:password` each
    #[arg(long, value_name = "FILE")]
    pub(crate) user: Option<PathBuf>,
    /// Only let in those who sign in by WS-Security as the users in this file, a line `user:password`
    /// each; over SOAP alone, as others cannot
    #[arg(long, value_name = "FILE", conflicts_with = "user")]
    pub(crate) wsse: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: MessageLimits,
    /// Most connections at once [default: 1024]
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_connections: Option<usize>,
    /// Most calls that run at once; 1024 more may wait [default: 256]
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_calls: Option<usize>,
    /// Longest that a call may take [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) deadline: Option<Duration>,
    /// Longest that running calls may take to end at SIGTERM or SIGINT [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) drain: Option<Duration>,
    /// Log more; RUST_LOG says it in detail
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
