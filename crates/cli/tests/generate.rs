//! `farcall gen` and what it makes of services, files and servers; `farcall idl check`.

mod common;

use common::{Served, run};

#[test]
fn a_built_in_service_in_three_languages() {
    let rust = run(&["gen", "rust", "bank"], &[], "").ok();
    let parts = ["#[service(scope = \"farcall\")]", "pub trait Bank {", "pub struct Statement {"];
    // the interface of its objects, and references that say so
    for part in parts.into_iter().chain(["pub trait Account {", "Ref<AccountClient>"]) {
        assert!(rust.contains(part), "{part}: {rust}");
    }
    let idl = run(&["gen", "idl", "fortune"], &[], "").ok();
    assert!(idl.contains("module farcall") && idl.contains("string get_cookie();"), "{idl}");
    let wsdl = run(&["gen", "wsdl", "fortune"], &[], "").ok();
    assert!(wsdl.contains("location=\"http://127.0.0.1:2809/fortune\""), "{wsdl}");
    let wsdl = run(&["gen", "wsdl", "fortune", "--location", "https://h/f"], &[], "").ok();
    assert!(wsdl.contains("location=\"https://h/f\"") && wsdl.contains("get_cookie"), "{wsdl}");
}

#[test]
fn only_what_is_asked_for_has_the_objects_that_it_gives() {
    for (kind, bank, account) in
        [("idl", "interface Bank {", "interface Account {"), ("rust", "trait Bank {", "trait Account {")]
    {
        let opening = run(&["gen", kind, "bank", "--only", "open"], &[], "").ok();
        for part in [bank, account, "open", "withdraw"] {
            assert!(opening.contains(part), "{part}: {opening}");
        }
        assert!(!opening.contains("accounts("), "{opening}");
        let listing = run(&["gen", kind, "bank", "--only", "accounts"], &[], "").ok();
        assert!(listing.contains(bank) && !listing.contains(account), "{listing}");
        // by name, of both
        let both = run(&["gen", kind, "bank", "--only", "open", "--only", "owner"], &[], "").ok();
        assert!(both.contains(account) && both.contains("owner(") && !both.contains("withdraw("), "{both}");
    }
}

#[test]
fn what_is_generated_is_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    let out = out.to_str().unwrap();
    let printed = run(&["gen", "idl", "bank", "-o", out], &[], "").ok();
    assert_eq!(printed, format!("{out}/bank.idl\n"));
    let file = printed.trim();
    let [from_file, built_in] = [file, "bank"].map(|from| run(&["gen", "rust", from], &[], "").ok());
    // the file has the interface of its objects too
    let idl = std::fs::read_to_string(file).unwrap();
    assert!(idl.contains("interface Account {") && from_file.contains("pub trait Account {"), "{idl}");
    let methods = |text: &str| {
        let bank = text.split_once("pub trait Bank {").unwrap().1;
        bank.split("pub trait").next().unwrap().matches("async fn").count()
    };
    assert_eq!(methods(&from_file), methods(&built_in));
    assert!(from_file.contains("async fn balance(&self, account: String) -> Result<f64"), "{from_file}");
    let server = Served::built_in();
    let answer = server.farcall(&["call", "corbaloc::{t}/bank", "accounts", "null", "--idl", file]).ok();
    assert_eq!(answer.trim(), "[]");
}

#[test]
fn a_server_that_tells_what_it_has_can_be_generated_from() {
    let server = Served::start();
    let rust = server.farcall(&["gen", "rust", "http://{t}#bank"]).ok();
    assert!(rust.contains("pub trait Bank {") && !rust.contains("system"), "{rust}");
    assert!(
        rust.contains("/// Opens an account.") && rust.contains("async fn at(&self, param1: DateTime)"),
        "{rust}"
    );
    let idl = server.farcall(&["gen", "idl", "http://{t}#bank"]).ok();
    assert!(idl.contains("interface bank") && idl.contains("open(in string param1"), "{idl}");
    let wsdl = server.farcall(&["gen", "wsdl", "http://{t}/#bank"]).ok();
    assert!(wsdl.contains(&format!("location=\"http://{}/\"", server.address)), "{wsdl}");
}

#[test]
fn several_interfaces_stand_together_or_apart() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("two.idl");
    std::fs::write(&file, "module m { interface A { void f(); }; interface B { void g(); }; };").unwrap();
    let (file, out) = (file.to_str().unwrap(), directory.path().to_str().unwrap());
    let rust = run(&["gen", "rust", file], &[], "").ok();
    assert!(rust.contains("pub mod m {") && rust.contains("trait A") && rust.contains("trait B"), "{rust}");
    let printed = run(&["gen", "rust", file, "--split", "-o", out], &[], "").ok();
    assert_eq!(printed, format!("{out}/two.rs\n{out}/two/m.rs\n"));
    let rust = run(&["gen", "rust", file, "--only", "g"], &[], "").ok();
    assert!(!rust.contains("trait A") && rust.contains("async fn g"), "{rust}");
    assert!(run(&["gen", "rust", file, "--only", "h"], &[], "").fails(3).contains("there are: f, g"));
    assert!(run(&["gen", "rust", file, "--interface", "m::B"], &[], "").ok().contains("trait B"));
    assert_eq!(run(&["gen", "wsdl", file, "-o", out], &[], "").ok(), format!("{out}/A.wsdl\n{out}/B.wsdl\n"));
    assert!(run(&["gen", "idl", file], &[], "").ok().contains("interface B"));
    std::fs::write(file, "interface A { void f(out long x); };").unwrap();
    assert!(run(&["gen", "rust", file], &[], "").ok().contains("#[op(out(x))]"));
    assert!(run(&["gen", "rust", "no-such-service"], &[], "").fails(2).contains("fortune"));
}

#[test]
fn idl_files_are_checked() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let good = write("good.idl", "interface A { void f(in long x); };");
    let bad = write("bad.idl", "interface A {\n  void f(in lnog x); };");
    let outer = write("outer.idl", "#include <good.idl>\ninterface B : A {};");
    let ran = run(&["idl", "check", &good], &[], "");
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    ran.ok();
    let err = run(&["idl", "check", &bad, &good], &[], "").fails(3);
    assert!(err.starts_with(&format!("{bad}:2:13: error: ")) && err.contains("where: "), "{err}");
    run(&["idl", "check", &outer], &[], "").fails(3);
    run(&["idl", "check", &outer, "-I", directory.path().to_str().unwrap()], &[], "").ok();
    run(&["idl", "check", "/no/such.idl"], &[], "").fails(2);
    run(&["idl", "check"], &[], "").fails(2);
}

#[test]
fn idl_files_are_laid_out() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.idl");
    std::fs::write(&path, "interface A{\nvoid f( in long x );\n};\n").unwrap();
    let file = path.to_str().unwrap();
    assert!(run(&["idl", "fmt", "--check", file], &[], "").fails(3).contains(file));
    run(&["idl", "fmt", file], &[], "").ok();
    let text = "interface A {\n    void f(in long x);\n};\n";
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    run(&["idl", "fmt", "--check", file], &[], "").ok();
    assert_eq!(run(&["idl", "fmt", "-"], &[], "struct S{long a;};").ok(), "struct S { long a; };\n");
}
