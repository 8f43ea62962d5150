//! Rust from interface descriptions, for build scripts.
//!
//! In `Cargo.toml`, `farcall` under `[dependencies]` and `farcall-build` under
//! `[build-dependencies]`. Then `build.rs` is
//!
//! ```no_run
//! fn main() -> Result<(), farcall_build::Error> {
//!     farcall_build::idl("idl/bank.idl")
//! }
//! ```
//!
//! and the program says `farcall::include!(pub mod bank);`. The code is made anew when the
//! description or a file that it includes changes. [`Builder`] has the options; `examples/idl` is a
//! crate that does so.

mod wsdl;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use farcall_codegen::{Files, Generator, Layout, Options, module_name};
use farcall_idl::Model;
use farcall_wsdl::LoadOptions;

pub use wsdl::{WsdlError, wsdl_files};

/// Generates Rust from an IDL file into `OUT_DIR`, for `farcall::include!`.
///
/// # Errors
/// As [`Builder::idl`].
pub fn idl(file: impl AsRef<Path>) -> Result<(), Error> {
    Builder::new().idl(file)
}

/// Generates Rust from a WSDL file into `OUT_DIR`, for `farcall::include!`.
///
/// # Errors
/// As [`Builder::wsdl`].
pub fn wsdl(file: impl AsRef<Path>) -> Result<(), Error> {
    Builder::new().wsdl(file)
}

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A description is refused, for the reasons shown.
    #[error("{file} is refused:\n{report}")]
    Refused {
        /// The file.
        file: String,
        /// The diagnostics, as compilers print them.
        report: String,
    },
    /// A description has something that there is no code for.
    #[error("{file}: {source}")]
    Generate {
        /// The file.
        file: String,
        /// What it is.
        source: farcall_codegen::Error,
    },
    /// It does not run in a build script, and was not told where to write.
    #[error("OUT_DIR is not set: run it in a build script, or say where to write with `out_dir`")]
    NoOutDir,
}

/// Generates Rust from descriptions, with options.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dir = std::env::temp_dir().join("farcall-build-doc");
/// std::fs::create_dir_all(&dir)?;
/// std::fs::write(dir.join("clock.idl"), "interface Clock { long long now(); };")?;
/// farcall_build::Builder::new().out_dir(&dir).idl(dir.join("clock.idl"))?;
/// let code = std::fs::read_to_string(dir.join("clock.rs"))?;
/// assert!(code.contains("async fn now(&self) -> Result<i64, Fault>;"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Builder {
    include: Vec<PathBuf>,
    defines: Vec<(String, String)>,
    modules: Vec<(String, String)>,
    only: Vec<String>,
    strict: bool,
    out_dir: Option<PathBuf>,
}

impl Builder {
    /// A builder that searches for included files beside those that include them only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a directory to search for included files.
    #[must_use]
    pub fn include(mut self, directory: impl Into<PathBuf>) -> Self {
        self.include.push(directory.into());
        self
    }

    /// Defines a macro for the preprocessor.
    #[must_use]
    pub fn define(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.defines.push((name.into(), text.into()));
        self
    }

    /// Chooses the module, such as `onvif::media`, of a scope: an IDL scope or an XML namespace.
    #[must_use]
    pub fn module(mut self, scope: impl Into<String>, path: impl Into<String>) -> Self {
        self.modules.push((scope.into(), path.into()));
        self
    }

    /// Adds an operation of a WSDL to those that code is generated for; without any it is all.
    #[must_use]
    pub fn only(mut self, operation: impl Into<String>) -> Self {
        self.only.push(operation.into());
        self
    }

    /// Refuses a WSDL of which anything has to be left out.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Chooses where to write, instead of `OUT_DIR`.
    #[must_use]
    pub fn out_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(directory.into());
        self
    }

    /// Generates `some_name.rs` from `SomeName.idl`, and tells Cargo which files it was made from. Warnings
    /// go to Cargo as well.
    ///
    /// # Errors
    /// [`Error::Refused`] with all that is wrong with the file, [`Error::Generate`] for what Rust
    /// has no counterpart of, [`Error::File`] and [`Error::NoOutDir`].
    pub fn idl(&self, file: impl AsRef<Path>) -> Result<(), Error> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let mut options = farcall_idl::Options::default();
        options.include_paths.extend(self.include.iter().map(|path| path.display().to_string()));
        options.defines.extend(self.defines.iter().cloned());
        let compiled = farcall_idl::compile_file(&name, &options)
            .map_err(|source| Error::File { path: name.clone(), source })?;
        let sources: Vec<&str> = compiled.sources.files().iter().map(|source| source.name.as_str()).collect();
        self.tell("rerun-if-changed", &sources);
        let refused = |report: String| Error::Refused { file: name.clone(), report };
        let specification = compiled.specification().map_err(|error| refused(error.to_string()))?;
        self.tell("warning", &compiled.report().lines().collect::<Vec<_>>());
        let model = farcall_idl::lower(specification).map_err(|error| refused(error.to_string()))?;
        let options = self.options(file).source(file_name(file));
        let files = files(&model, options).map_err(|source| Error::Generate { file: name, source })?;
        self.write(&files)
    }

    /// Generates `name.rs` from `name.wsdl`, which may import files from its directory and those
    /// below, and tells Cargo which files it was made from. What is odd or left out goes to Cargo as
    /// warnings.
    ///
    /// # Errors
    /// As [`Builder::idl`]; [`Error::Refused`] also for [`only`](Self::only) an operation that there
    /// is not.
    pub fn wsdl(&self, file: impl AsRef<Path>) -> Result<(), Error> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let refused = |report: String| Error::Refused { file: name.clone(), report };
        let options = LoadOptions::default().with_strict(self.strict);
        let definitions = farcall_wsdl::load_file(file, &options).map_err(|error| {
            let all = error.earlier.iter().chain([&error.cause]);
            refused(all.map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })?;
        let read: Vec<&str> = definitions.documents.iter().map(String::as_str).collect();
        self.tell("rerun-if-changed", &read);
        let said: Vec<String> = definitions.diagnostics.iter().map(ToString::to_string).collect();
        self.tell("warning", &said.iter().map(String::as_str).collect::<Vec<_>>());
        let options = self.options(file).source(file_name(file));
        let files = wsdl_files(&definitions, &self.only, options).map_err(|error| match error {
            WsdlError::NoSuchOperation(_) => refused(error.to_string()),
            WsdlError::Generate(source) => Error::Generate { file: name.clone(), source },
        })?;
        self.write(&files)
    }

    /// Options for code that is included.
    fn options(&self, file: &Path) -> Options {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let options = Options::new(module_name(&stem)).layout(Layout::Nested).included();
        self.modules.iter().fold(options, |options, (scope, path)| options.module(scope, path))
    }

    /// Tells Cargo, if it is Cargo that runs it.
    fn tell(&self, key: &str, values: &[&str]) {
        if env::var_os("OUT_DIR").is_some() {
            values.iter().for_each(|value| println!("cargo::{key}={value}"));
        }
    }

    fn write(&self, files: &Files) -> Result<(), Error> {
        let out = self.out_dir.clone().or_else(|| env::var_os("OUT_DIR").map(PathBuf::from));
        let out = out.ok_or(Error::NoOutDir)?;
        for (name, text) in files {
            let path = out.join(name);
            let failed = |source| Error::File { path: path.display().to_string(), source };
            fs::write(&path, text).map_err(failed)?;
        }
        Ok(())
    }
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Rust for all that an IDL file and those that it includes declare.
///
/// # Errors
/// As [`Generator::files`].
pub fn files(model: &Model, options: Options) -> Result<Files, farcall_codegen::Error> {
    Generator::new(options)
        .interfaces(&model.interfaces)
        .types(&model.types)
        .exceptions(model.exceptions.iter().copied())
        .aliases(&model.aliases)
        .constants(&model.constants)
        .left_out(model.left_out.iter().map(String::as_str))
        .files()
}
