//! Prints each declaration of a file with its repository id: `ids [-I PATH]… FILE`.

use farcall_idl::{DeclKind, Options, compile_file};

fn main() -> std::io::Result<()> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "-I" {
            options.include_paths.extend(arguments.next());
            continue;
        }
        let compiled = compile_file(&argument, &options)?;
        eprint!("{}", compiled.report());
        for (_, decl) in compiled.specification().into_iter().flat_map(|s| s.decls()) {
            if let DeclKind::Const { value, .. } = &decl.kind {
                println!("{} {} = {value:?}", decl.scoped_name, decl.repository_id);
            } else {
                println!("{} {}", decl.scoped_name, decl.repository_id);
            }
        }
    }
    Ok(())
}
