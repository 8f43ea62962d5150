//! Writes the WSDL of every service that farcall brings along into a directory.

use std::path::PathBuf;

use farcall_builtin::{
    BankClient, EchoClient, FortuneClient, MeerkatClient, StringsClient, Validator1Client,
    echo::AnythingClient,
};
use farcall_wire::Remote;
use farcall_wsdl::{EmitOptions, emit};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = PathBuf::from(std::env::args().nth(1).ok_or("usage: emit DIRECTORY")?);
    let interfaces = [
        <AnythingClient<()> as Remote>::interface(),
        <BankClient<()> as Remote>::interface(),
        <EchoClient<()> as Remote>::interface(),
        <FortuneClient<()> as Remote>::interface(),
        <MeerkatClient<()> as Remote>::interface(),
        <StringsClient<()> as Remote>::interface(),
        <Validator1Client<()> as Remote>::interface(),
    ];
    for interface in interfaces {
        let name = interface.name.to_lowercase();
        let location = format!("http://127.0.0.1:2809/{name}");
        let options = EmitOptions::new(format!("urn:farcall:{name}"), &*name, location).with_soap12(true);
        std::fs::write(directory.join(format!("{name}.wsdl")), emit(interface, &options)?)?;
    }
    Ok(())
}
