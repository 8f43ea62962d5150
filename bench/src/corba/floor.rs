//! The floor: messages of the same sizes echoed over bare TCP by tokio, a connection a caller.

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::cases::{self, Case};
use crate::caller::{Call, measure};
use crate::sample::Arguments;
use crate::subjects::listen;

/// About what GIOP adds to a value: header, ids, key, operation.
const HEADER: usize = 64;

/// Serves until the process ends. A message is its length in four octets, and so many octets.
pub(crate) async fn serve() -> Result<()> {
    let listener = listen().await?;
    loop {
        let (stream, _) = listener.accept().await.context("accepting")?;
        stream.set_nodelay(true)?;
        // a caller that goes away is the caller's business
        tokio::spawn(echo(stream));
    }
}

async fn echo(mut stream: TcpStream) -> Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let mut filled = 0;
        while filled < 4 {
            let read = stream.read(&mut buffer[filled..]).await?;
            ensure!(read > 0, "the caller is gone");
            filled += read;
        }
        let length = 4 + u32::from_le_bytes([buffer[0], buffer[1], buffer[2], buffer[3]]) as usize;
        if buffer.len() < length {
            buffer.resize(length, 0);
        }
        stream.read_exact(&mut buffer[filled..length]).await?;
        stream.write_all(&buffer[..length]).await?;
    }
}

/// Calls from a connection a caller, and prints what was measured.
pub(crate) async fn call(arguments: Arguments<Case>) -> Result<()> {
    let octets = cases::octets(HEADER + arguments.case.octets());
    let message = [&(octets.len() as u32).to_le_bytes()[..], &octets].concat();
    let mut streams = Vec::new();
    for _ in 0..arguments.callers {
        let stream = TcpStream::connect(&arguments.target).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let caller = |_| {
        let stream = streams.pop().context("no connection is left")?;
        Ok(Caller { stream, message: message.clone(), answer: vec![0; message.len()] })
    };
    measure(&arguments, caller).await?.print()
}

struct Caller {
    stream: TcpStream,
    message: Vec<u8>,
    answer: Vec<u8>,
}

impl Call for Caller {
    async fn once(&mut self) -> Result<()> {
        // a large message comes back while it still goes out
        let (mut reader, mut writer) = self.stream.split();
        if self.message.len() < 32 << 10 {
            writer.write_all(&self.message).await?;
            reader.read_exact(&mut self.answer).await?;
            return Ok(());
        }
        let (written, read) =
            tokio::join!(writer.write_all(&self.message), reader.read_exact(&mut self.answer));
        written?;
        read?;
        Ok(())
    }

    fn check(&self) -> Result<()> {
        ensure!(self.message == self.answer, "what came back is not what was sent");
        Ok(())
    }
}
