//! A channel to a service in the same process, over a tape.

use std::sync::Mutex;

use farcall_wire::{Call, Channel, Context, Fault, FaultKind, Invocation, Service};

use super::tape::{Tape, TapeReader, Tapes, Token};

/// Calls a service, and keeps the last request.
#[derive(Debug)]
pub(crate) struct Local<S, const KEYED: bool> {
    service: S,
    /// The operation's name and the tokens of its parameters.
    pub(crate) last: Mutex<Option<(String, Vec<Token>)>>,
}

impl<S: Service, const KEYED: bool> Local<S, KEYED> {
    pub(crate) fn new(service: S) -> Self {
        Self { service, last: Mutex::new(None) }
    }
}

impl<S: Service, const KEYED: bool> Channel for Local<S, KEYED> {
    async fn call<I: Invocation>(&self, cx: &Context, invocation: &I) -> Result<I::Output, Fault> {
        let name = invocation.operation().name.as_ref();
        let mut request = Tape::<KEYED>::default();
        invocation.write(&mut request)?;
        *self.last.lock().unwrap() = Some((name.to_owned(), request.0.clone()));

        let index = self.service.interface().operations.iter().position(|op| op.name == name);
        let cx = cx.clone().with_protocol("tape");
        let call = Call::<Tapes<KEYED>>::new(index, name, cx, TapeReader::new(&request), Tape::default());
        let reply = self.service.dispatch(call).await?;

        let mut reader = TapeReader::new(&reply);
        match reader.exception() {
            Some(exception) => invocation
                .read_exception(exception, &mut reader)?
                .ok_or_else(|| Fault::new(FaultKind::Protocol, format!("undeclared {exception}"))),
            None => Ok(invocation.read(&mut reader)?),
        }
    }
}
