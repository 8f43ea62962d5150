//! Prints what a WSDL describes: findings, ports, operations with their signatures.
//!
//! `cargo run -p farcall-wsdl --example describe -- FILE [ROOT]`

use std::path::{Path, PathBuf};

use farcall_model::{Direction, Operation};
use farcall_wsdl::resolver::Files;
use farcall_wsdl::{LoadOptions, load};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("usage: describe FILE [ROOT]")?);
    let files = arguments.next().map_or_else(|| Files::beside(&file), |root| Files::below(Path::new(&root)));
    let found = load(&file.to_string_lossy(), &files, &LoadOptions::default())?;
    for finding in &found.diagnostics {
        println!("{finding}");
    }
    for (service, port, binding) in found.ports() {
        println!("{} {} ({:?}) at {}", service.name.local, port.name, binding.protocol, port.location);
        for (operation, bound) in binding.interface.operations.iter().zip(&binding.operations) {
            let wrapped = if bound.wrapped { "wrapped" } else { "parts" };
            println!("  {} [{:?} {wrapped}]", signature(operation), bound.style);
        }
    }
    Ok(())
}

fn signature(operation: &Operation) -> String {
    let params: Vec<String> = operation
        .signature()
        .into_iter()
        .map(|param| {
            let direction = match param.direction {
                Direction::In => "",
                Direction::Out => "out ",
                Direction::InOut => "inout ",
            };
            format!("{direction}{}: {}", param.field.name, param.field.ty)
        })
        .collect();
    let exceptions: Vec<&str> = operation.exceptions.iter().map(|e| &*e.body.name).collect();
    let raises =
        if exceptions.is_empty() { String::new() } else { format!(" raises {}", exceptions.join(", ")) };
    format!("{}({}) -> {}{raises}", operation.name, params.join(", "), operation.result)
}
