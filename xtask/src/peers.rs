//! `cargo xtask peers`: installs the foreign programs that the interop cases need.
//!
//! Debian packages go into the system, everything else below `.peers/`: a Python environment, npm's
//! modules, Maven's jars, Cargo's builds. What is there already is left alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::artifacts::cargo;
use crate::case::{self, Case, Choice, root};
use crate::process::{self, command_line, must};

/// The task.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let mut check = false;
    let mut tiers: &[u8] = &[1];
    let mut names = Vec::new();
    for arg in args {
        match arg.as_str() {
            "--check" => check = true,
            "--all" => tiers = &[1, 2],
            option if option.starts_with('-') => bail!("{option}: no such option"),
            name => names.push(name.to_owned()),
        }
    }
    let choice = if names.is_empty() { Choice::Tiers(tiers) } else { Choice::Names(names) };
    let cases = case::load(&choice)?;
    if !check {
        return install(&cases);
    }
    let lines: Vec<String> = cases.iter().flat_map(missing).collect();
    if !lines.is_empty() {
        bail!("peers are missing; install them with\n{}", lines.join("\n"));
    }
    Ok(())
}

/// The directory of all that is not a Debian package.
pub(crate) fn directory() -> PathBuf {
    root().join(".peers")
}

/// The Python environment.
pub(crate) fn venv() -> PathBuf {
    directory().join("venv")
}

/// The directory in which npm keeps `node_modules`.
pub(crate) fn npm() -> PathBuf {
    directory().join("npm")
}

/// The directory of a case's jars.
pub(crate) fn jars(case: &str) -> PathBuf {
    directory().join("maven").join(case).join("jars")
}

/// The directory of the programs that foreign Cargo projects build.
pub(crate) fn cargo_programs() -> PathBuf {
    directory().join("cargo").join("release")
}

/// What `case` needs and does not have: for each package manager the line that installs it.
pub(crate) fn missing(case: &Case) -> Vec<String> {
    let packages = &case.spec.packages;
    let mut lines = Vec::new();
    let debian = missing_debian(&debian_of(std::slice::from_ref(case)));
    if !debian.is_empty() {
        lines.push(command_line(&apt_install(&debian)));
    }
    let python = !packages.pypi.iter().all(|package| pypi_has(package))
        || !packages.wheels.iter().all(|package| wheel(package).is_dir());
    let node = !packages.npm.iter().all(|package| npm_has(package));
    let java = !packages.maven.is_empty() && !maven_has(case);
    if python || node || java {
        lines.push(format!("cargo xtask peers {}", case.name));
    }
    lines
}

/// Installs what `cases` need.
pub(crate) fn install(cases: &[Case]) -> Result<()> {
    install_debian(&missing_debian(&debian_of(cases)))?;
    install_pypi(&wanted(cases, |case| &case.spec.packages.pypi))?;
    install_wheels(&wanted(cases, |case| &case.spec.packages.wheels))?;
    install_npm(&wanted(cases, |case| &case.spec.packages.npm))?;
    for case in cases {
        install_maven(case)?;
        build_cargo(case)?;
    }
    Ok(())
}

fn wanted(cases: &[Case], of: fn(&Case) -> &Vec<String>) -> BTreeSet<String> {
    cases.iter().flat_map(of).cloned().collect()
}

// Debian

/// The Debian packages of `cases`, with those that the other package managers themselves need.
fn debian_of(cases: &[Case]) -> BTreeSet<String> {
    let mut names = wanted(cases, |case| &case.spec.packages.debian);
    for packages in cases.iter().map(|case| &case.spec.packages) {
        if !packages.pypi.is_empty() || !packages.wheels.is_empty() {
            names.extend(["python3", "python3-venv"].map(String::from));
        }
        if !packages.npm.is_empty() && !on_path("npm") {
            names.extend(["nodejs", "npm"].map(String::from));
        }
        if !packages.maven.is_empty() && !on_path("mvn") {
            names.extend(["default-jdk-headless", "maven"].map(String::from));
        }
    }
    names
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

fn missing_debian(names: &BTreeSet<String>) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"])
        .args(names)
        .stderr(Stdio::null())
        .output();
    let listed = match &output {
        Ok(output) => String::from_utf8_lossy(&output.stdout),
        Err(_no_dpkg) => "".into(),
    };
    let has: BTreeSet<&str> = listed.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    let missing = names.iter().filter(|name| !has.contains(name.as_str()));
    missing.cloned().collect()
}

/// `apt-get`, as root by whatever way there is.
fn apt_get() -> Command {
    let mut command = if nix::unistd::geteuid().is_root() {
        Command::new("env")
    } else {
        let mut command = Command::new("sudo");
        command.args(["-n", "env"]);
        command
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
    command
}

fn apt_install(names: &[String]) -> Command {
    let mut command = apt_get();
    command.args(["install", "--yes", "--no-install-recommends"]).args(names);
    command
}

fn install_debian(names: &[String]) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let mut install = apt_install(names);
    if !on_path("apt-get") || (!nix::unistd::geteuid().is_root() && !on_path("sudo")) {
        let line = command_line(&install);
        bail!("these packages are missing; as root on Debian 12, run\n{line}");
    }
    if !apt_has_lists() {
        must(apt_get().arg("update"))?;
    }
    if must(&mut install).is_ok() {
        return Ok(());
    }
    // Old lists name files that the mirrors no longer have.
    must(apt_get().arg("update"))?;
    must(&mut apt_install(names)).context("run that line as root")
}

fn apt_has_lists() -> bool {
    let lists = fs::read_dir("/var/lib/apt/lists").into_iter().flatten();
    lists.flatten().any(|entry| entry.file_name().to_string_lossy().contains("_Packages"))
}

// PyPI

/// Whether the environment has `package`, which is a name, or `name==version`.
fn pypi_has(package: &str) -> bool {
    let (name, version) = package.split_once("==").unwrap_or((package, ""));
    let wanted = format!("{}-{version}", python_name(name));
    let Ok(libraries) = fs::read_dir(venv().join("lib")) else {
        return false;
    };
    let sites =
        libraries.flatten().filter_map(|library| fs::read_dir(library.path().join("site-packages")).ok());
    sites.flatten().flatten().any(|entry| {
        let file = entry.file_name().to_string_lossy().into_owned();
        let Some(installed) = file.strip_suffix(".dist-info") else {
            return false;
        };
        let installed = python_name(installed);
        if version.is_empty() { installed.starts_with(&wanted) } else { installed == wanted }
    })
}

/// A distribution's name as its metadata directory spells it, near enough to compare.
fn python_name(name: &str) -> String {
    let version = name.rsplit_once('-').filter(|(_, last)| last.starts_with(|c: char| c.is_ascii_digit()));
    let spelled = |name: &str| name.to_ascii_lowercase().replace(['-', '.'], "_");
    match version {
        Some((name, version)) => format!("{}-{version}", spelled(name)),
        None => spelled(name),
    }
}

fn install_pypi(packages: &BTreeSet<String>) -> Result<()> {
    if packages.iter().all(|package| pypi_has(package)) {
        return Ok(());
    }
    must(pip()?.args(packages))
}

/// The directory of a package that stands alone.
fn wheel(package: &str) -> PathBuf {
    directory().join(package.replace("==", "-"))
}

fn install_wheels(packages: &BTreeSet<String>) -> Result<()> {
    for package in packages.iter().filter(|package| !wheel(package).is_dir()) {
        // in one step, so that half of it is not taken for all
        let unfinished = directory().join("unfinished");
        must(pip()?.arg("--no-deps").arg("--target").arg(&unfinished).arg(package))?;
        fs::rename(&unfinished, wheel(package)).with_context(|| package.clone())?;
    }
    Ok(())
}

/// `pip install` of the Python environment, which is made if it is not there.
fn pip() -> Result<Command> {
    let python = venv().join("bin/python");
    if !python.is_file() {
        must(Command::new("/usr/bin/python3").args(["-m", "venv"]).arg(venv()))?;
    }
    let mut command = Command::new(python);
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    Ok(command)
}

// npm

/// Whether `package`, a name or `name@version`, is among the modules.
fn npm_has(package: &str) -> bool {
    let at = package.rfind('@').filter(|at| *at > 0);
    let (name, version) = package.split_at(at.unwrap_or(package.len()));
    let manifest = npm().join("node_modules").join(name).join("package.json");
    let Ok(text) = fs::read_to_string(manifest) else {
        return false;
    };
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    version.is_empty() || manifest["version"] == version.trim_start_matches('@')
}

fn install_npm(packages: &BTreeSet<String>) -> Result<()> {
    if packages.iter().all(|package| npm_has(package)) {
        return Ok(());
    }
    fs::create_dir_all(npm())?;
    must(
        Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
            .arg(npm())
            .args(packages),
    )
}

// Maven

fn maven_stamp(case: &Case) -> PathBuf {
    jars(&case.name).with_file_name("installed")
}

fn maven_has(case: &Case) -> bool {
    let installed = fs::read_to_string(maven_stamp(case)).unwrap_or_default();
    installed == case.spec.packages.maven.join("\n")
}

fn install_maven(case: &Case) -> Result<()> {
    let artifacts = &case.spec.packages.maven;
    if artifacts.is_empty() || maven_has(case) {
        return Ok(());
    }
    let jars = jars(&case.name);
    let pom = jars.with_file_name("pom.xml");
    fs::create_dir_all(&jars)?;
    fs::write(&pom, maven_project(artifacts)?)?;
    must(
        Command::new("mvn")
            .args(["--batch-mode", "--quiet", "--file"])
            .arg(&pom)
            .arg("dependency:copy-dependencies")
            .arg(format!("-DoutputDirectory={}", jars.display())),
    )?;
    Ok(fs::write(maven_stamp(case), artifacts.join("\n"))?)
}

/// A project that has nothing but dependencies.
fn maven_project(artifacts: &[String]) -> Result<String> {
    let mut dependencies = String::new();
    for artifact in artifacts {
        let [group, name, version] = artifact.split(':').collect::<Vec<_>>()[..] else {
            bail!("{artifact}: a Maven artifact is group:artifact:version");
        };
        dependencies += &format!(
            "<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>\
             <version>{version}</version></dependency>"
        );
    }
    Ok(format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>interop</groupId>\
         <artifactId>peers</artifactId><version>1</version><packaging>pom</packaging>\
         <dependencies>{dependencies}</dependencies></project>\n"
    ))
}

// Cargo

/// Builds the case's Cargo projects; when nothing changed, cargo sees that by itself.
pub(crate) fn build_cargo(case: &Case) -> Result<()> {
    for project in &case.spec.packages.cargo {
        let manifest: &Path = &case.directory.join(project).join("Cargo.toml");
        process::run(
            cargo()
                .args(["build", "--quiet", "--release", "--locked", "--manifest-path"])
                .arg(manifest)
                .arg("--target-dir")
                .arg(directory().join("cargo")),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{maven_project, python_name};

    #[test]
    fn python_names_are_compared_as_their_metadata_spells_them() {
        assert_eq!(python_name("Jeteve-OmniORB"), "jeteve_omniorb");
        assert_eq!(python_name("jeteve_omniorb-4.3.3"), "jeteve_omniorb-4.3.3");
        assert_eq!(python_name("zope.interface-7.0"), "zope_interface-7.0");
    }

    #[test]
    fn a_maven_artifact_has_three_parts() {
        let artifacts = |text: &str| maven_project(&[text.to_owned()]);
        assert!(artifacts("org.jacorb:jacorb:3.9").unwrap().contains("<version>3.9<"));
        assert!(artifacts("org.jacorb:jacorb").is_err());
    }
}
