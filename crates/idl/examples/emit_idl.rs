//! Prints what a file means to the interface model, as IDL again: `emit_idl [-I PATH]… FILE`.

use farcall_idl::{Options, compile_file, lower};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "-I" {
            options.include_paths.extend(arguments.next());
            continue;
        }
        let compiled = compile_file(&argument, &options)?;
        let model = lower(compiled.specification()?)?;
        for left_out in &model.left_out {
            eprintln!("{left_out}");
        }
        print!("{}", model.to_idl()?);
    }
    Ok(())
}
