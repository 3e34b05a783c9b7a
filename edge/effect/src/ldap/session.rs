//! One session with a directory: connect, believe, bind, ask, leave.

use std::{
    io::{self, Read as _, Write as _},
    sync::Arc,
};

use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};

use super::{
    ber::{Extent, extent},
    message::{self, Change, Entry, Response},
};
use crate::{
    Secret,
    http::Failed,
    timed::{Address, Timed},
};

/// No entry that is asked for by some attributes is larger.
const MESSAGE_BYTES_MAX: usize = 4 << 20;

/// A busy directory is left alone for so long.
const BUSY_MS: u64 = 2_000;

const SUCCESS: u32 = 0;
const INVALID_CREDENTIALS: u32 = 49;
const BUSY: u32 = 51;
const UNAVAILABLE: u32 = 52;
const OTHER: u32 = 80;

/// A directory, and who Cordon is there.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: Secret,
    pub(crate) tls: Arc<ClientConfig>,
}

/// A session that is bound.
pub(crate) struct Session<'s> {
    server: &'s Server,
    stream: StreamOwned<ClientConnection, Timed>,
    /// Bytes of messages that have not been read yet.
    buffer: Vec<u8>,
    number: u32,
}

impl Server {
    /// Connects and binds.
    ///
    /// # Errors
    /// When the directory cannot be reached, is not believed, or does not let Cordon in.
    pub(crate) fn session(&self, wait_ms: u64) -> Result<Session<'_>, Failed> {
        let name = ServerName::try_from(self.host.clone()).map_err(|_why| Failed::Refused {
            why: format!("`{}` is no name of a server", self.host),
        })?;
        let tls = ClientConnection::new(Arc::clone(&self.tls), name);
        let tls = tls.map_err(|why| self.unknown(&why.to_string()))?;
        let address = Address::Tcp(self.host.clone(), self.port);
        let tcp = Timed::connect(&address, wait_ms);
        let tcp = tcp.map_err(|why| self.unknown(&why.to_string()))?;
        let mut session = Session {
            server: self,
            stream: StreamOwned::new(tls, tcp),
            buffer: Vec::new(),
            number: 0,
        };
        session.believe()?;
        session.bind()?;
        Ok(session)
    }

    fn unknown(&self, why: &str) -> Failed {
        Failed::Unknown {
            why: self.told(&format!("no answer from {}: {why}", self.host)),
        }
    }

    fn refused(&self, why: &str) -> Failed {
        Failed::Refused {
            why: self.told(&format!("{}: {why}", self.host)),
        }
    }

    /// What a directory says is anybody's text.
    fn told(&self, why: &str) -> String {
        let clean: String = why.chars().filter(|c| !c.is_control()).take(300).collect();
        self.password.hide(&clean)
    }
}

impl Session<'_> {
    /// Ends the handshake. Until then nothing can have had an effect.
    fn believe(&mut self) -> Result<(), Failed> {
        while self.stream.conn.is_handshaking() {
            if let Err(why) = self.stream.conn.complete_io(&mut self.stream.sock) {
                let tls = why
                    .get_ref()
                    .and_then(|inner| inner.downcast_ref::<rustls::Error>())
                    .is_some();
                return Err(if tls {
                    self.server.refused(&format!("no secure connection: {why}"))
                } else {
                    self.server.unknown(&why.to_string())
                });
            }
        }
        Ok(())
    }

    fn bind(&mut self) -> Result<(), Failed> {
        let request = message::bind(&self.server.user, self.server.password.reveal());
        match self.done(request)? {
            (SUCCESS, _) => Ok(()),
            (INVALID_CREDENTIALS, text) => Err(self.server.refused(&format!(
                "it does not let `{}` in: {text}",
                self.server.user
            ))),
            (code, text) => Err(self.judged(code, &text)),
        }
    }

    /// Reads attributes of one entry; none if a pair is given that it does not have.
    ///
    /// # Errors
    /// When there is no such entry, or nobody knows.
    pub(crate) fn read(
        &mut self,
        dn: &str,
        attributes: &[&str],
        having: Option<(&str, &[u8])>,
    ) -> Result<Option<Entry>, Failed> {
        let id = self.send(message::search(dn, attributes, having))?;
        let mut found = None;
        loop {
            match self.receive(id)? {
                Response::Found(entry) => found = Some(entry),
                Response::Elsewhere => {}
                Response::Done { code: SUCCESS, .. } => return Ok(found),
                Response::Done { code, text } => return Err(self.judged(code, &text)),
                Response::Disconnects { text } => return Err(self.server.unknown(&text)),
            }
        }
    }

    /// Changes one entry.
    ///
    /// # Errors
    /// When it was refused, or nobody knows.
    pub(crate) fn modify(&mut self, dn: &str, changes: &[Change]) -> Result<(), Failed> {
        match self.done(message::modify(dn, changes))? {
            (SUCCESS, _) => Ok(()),
            (code, text) => Err(self.judged(code, &text)),
        }
    }

    /// Sends a request that has one response.
    fn done(&mut self, request: Vec<u8>) -> Result<(u32, String), Failed> {
        let id = self.send(request)?;
        match self.receive(id)? {
            Response::Done { code, text } => Ok((code, text)),
            Response::Found(_) | Response::Elsewhere => {
                Err(self.server.unknown("the answer does not fit the question"))
            }
            Response::Disconnects { text } => Err(self.server.unknown(&text)),
        }
    }

    /// What a code other than success means (RFC 4511, appendix A).
    fn judged(&self, code: u32, text: &str) -> Failed {
        let why = format!("it answers {code}: {text}");
        match code {
            BUSY => Failed::Throttled { after_ms: BUSY_MS },
            UNAVAILABLE | OTHER => self.server.unknown(&why),
            _ => self.server.refused(&why),
        }
    }

    fn send(&mut self, request: Vec<u8>) -> Result<u32, Failed> {
        self.number += 1;
        let bytes = message::numbered(self.number, request);
        let sent = self.stream.write_all(&bytes);
        let sent = sent.and_then(|()| self.stream.flush());
        sent.map_err(|why| self.server.unknown(&why.to_string()))?;
        Ok(self.number)
    }

    fn receive(&mut self, id: u32) -> Result<Response, Failed> {
        let bytes = self.message();
        let bytes = bytes.map_err(|why| self.server.unknown(&why.to_string()))?;
        match message::parse(&bytes) {
            Some((found, response)) if found == id => Ok(response),
            // A notice that the session ends has no number.
            Some((0, Response::Disconnects { text })) => Ok(Response::Disconnects { text }),
            Some(_) | None => Err(self.server.unknown("it answers what is no LDAP")),
        }
    }

    /// The next whole message.
    fn message(&mut self) -> io::Result<Vec<u8>> {
        let unfit = || io::Error::new(io::ErrorKind::InvalidData, "it answers what is no LDAP");
        loop {
            match extent(&self.buffer) {
                Extent::Unfit => return Err(unfit()),
                Extent::Whole(length) if length > MESSAGE_BYTES_MAX => return Err(unfit()),
                Extent::Whole(length) if length <= self.buffer.len() => {
                    let rest = self.buffer.split_off(length);
                    return Ok(std::mem::replace(&mut self.buffer, rest));
                }
                Extent::Whole(_) | Extent::Short => self.fill()?,
            }
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut chunk = [0; 4096];
        let count = self.stream.read(&mut chunk)?;
        if count == 0 {
            let kind = io::ErrorKind::UnexpectedEof;
            return Err(io::Error::new(kind, "it closed the connection"));
        }
        self.buffer.extend(chunk.iter().take(count));
        Ok(())
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.number += 1;
        let goodbye = message::numbered(self.number, message::unbind());
        let _it_may_be_gone = self.stream.write_all(&goodbye);
        self.stream.conn.send_close_notify();
        let _it_may_be_gone = self.stream.flush();
    }
}
