//! A connection that ends at a deadline, however slowly the other side speaks.

use std::{
    fmt,
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs as _},
    path::PathBuf,
    time::{Duration, Instant},
};

/// Where a program listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A name or an address, and a port.
    Tcp(String, u16),
    /// A socket in the file system.
    Socket(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) => write!(f, "{host}:{port}"),
            Self::Socket(path) => write!(f, "{}", path.display()),
        }
    }
}

/// A connection with a deadline.
#[derive(Debug)]
pub(crate) struct Timed {
    stream: Stream,
    deadline: Instant,
}

#[derive(Debug)]
enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Socket(std::os::unix::net::UnixStream),
}

impl Timed {
    /// Connects, to the first address of a name that answers.
    pub(crate) fn connect(address: &Address, wait_ms: u64) -> io::Result<Self> {
        // What is answered has to be heard before the call itself counts as unanswered.
        let wait = Duration::from_millis(wait_ms.saturating_sub(200).max(200));
        let deadline = Instant::now() + wait;
        let stream = match address {
            Address::Tcp(host, port) => Stream::Tcp(tcp(host, *port, deadline)?),
            #[cfg(unix)]
            Address::Socket(path) => Stream::Socket(std::os::unix::net::UnixStream::connect(path)?),
            #[cfg(not(unix))]
            Address::Socket(_) => return Err(io::ErrorKind::Unsupported.into()),
        };
        Ok(Self { stream, deadline })
    }
}

fn tcp(host: &str, port: u16, deadline: Instant) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, left(deadline)?) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(why) => last = why,
        }
    }
    Err(last)
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(late());
    }
    Ok(left)
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "there was no answer in time")
}

/// A read or write that ran into its limit is late, by whatever name the system calls that.
fn timed(error: io::Error) -> io::Error {
    if matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    ) {
        late()
    } else {
        error
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = Some(left(self.deadline)?);
        let count = match &mut self.stream {
            Stream::Tcp(stream) => {
                stream.set_read_timeout(left)?;
                stream.read(buffer)
            }
            #[cfg(unix)]
            Stream::Socket(stream) => {
                stream.set_read_timeout(left)?;
                stream.read(buffer)
            }
        };
        count.map_err(timed)
    }
}

impl Write for Timed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let left = Some(left(self.deadline)?);
        let count = match &mut self.stream {
            Stream::Tcp(stream) => {
                stream.set_write_timeout(left)?;
                stream.write(buffer)
            }
            #[cfg(unix)]
            Stream::Socket(stream) => {
                stream.set_write_timeout(left)?;
                stream.write(buffer)
            }
        };
        count.map_err(timed)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
