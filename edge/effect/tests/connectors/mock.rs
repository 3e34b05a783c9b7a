//! A small HTTP server on loopback whose next change can go wrong.

use std::{
    collections::VecDeque,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use cordon_model::Value;

/// What goes wrong with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not done, and may be asked again in seven seconds.
    Throttle,
    /// It is not done, and success is said.
    Lie,
    /// It is done, and the connection breaks before that is said.
    Break,
    /// Nothing is ever said.
    Hang,
    /// It is refused, without effect.
    Refuse,
    /// Nothing goes wrong with this one.
    Pass,
}

/// A request.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        headers
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// All that was sent, as a peer may repeat it.
    pub(crate) fn repeated(&self) -> String {
        let headers = self.headers.iter();
        let headers: Vec<String> = headers
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        format!("{} {}", headers.join("; "), self.body)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

/// What it is answered.
pub(crate) struct Said {
    code: u16,
    body: String,
    fault: Option<Fault>,
}

/// An answer that never comes.
pub(crate) fn silence() -> Said {
    Said {
        fault: Some(Fault::Hang),
        ..say(200, "")
    }
}

pub(crate) fn say(code: u16, body: impl Into<String>) -> Said {
    Said {
        code,
        body: body.into(),
        fault: None,
    }
}

/// What the service knows.
pub(crate) struct World {
    pub(crate) state: Value,
    faults: VecDeque<Fault>,
    requests: Vec<String>,
}

impl World {
    /// A change, which may go wrong.
    pub(crate) fn change(&mut self, apply: impl FnOnce(&mut Value) -> Said) -> Said {
        match self.faults.pop_front() {
            None | Some(Fault::Pass) => apply(&mut self.state),
            Some(Fault::Refuse) => say(403, "not this time"),
            Some(Fault::Throttle) => Said {
                fault: Some(Fault::Throttle),
                ..say(429, "slow down")
            },
            Some(Fault::Lie) => apply(&mut self.state.clone()),
            Some(fault @ (Fault::Break | Fault::Hang)) => {
                apply(&mut self.state);
                Said {
                    fault: Some(fault),
                    ..say(200, "")
                }
            }
        }
    }
}

/// How a service answers.
pub(crate) type Handler = fn(&mut World, &Asked) -> Said;

/// A service that runs until the test ends.
pub(crate) struct Mock {
    pub(crate) url: String,
    world: Arc<Mutex<World>>,
}

impl Mock {
    pub(crate) fn serve(state: Value, handler: Handler) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let world = Arc::new(Mutex::new(World {
            state,
            faults: VecDeque::new(),
            requests: Vec::new(),
        }));
        let shared = Arc::clone(&world);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let world = Arc::clone(&shared);
                thread::spawn(move || answer(stream, &world, handler));
            }
        });
        Self { url, world }
    }

    pub(crate) fn next(&self, fault: Fault) {
        self.world.lock().unwrap().faults.push_back(fault);
    }

    pub(crate) fn next_ones(&self, faults: &[Fault]) {
        self.world.lock().unwrap().faults.extend(faults);
    }

    pub(crate) fn forget_faults(&self) {
        self.world.lock().unwrap().faults.clear();
    }

    /// Others change something.
    pub(crate) fn edit(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.world.lock().unwrap().state);
    }

    pub(crate) fn state(&self) -> Value {
        self.world.lock().unwrap().state.clone()
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.world.lock().unwrap().requests.clone()
    }
}

fn answer(stream: TcpStream, world: &Mutex<World>, handler: Handler) {
    let Some(asked) = read(&stream) else {
        return;
    };
    let said = {
        let mut world = world.lock().unwrap();
        let line = format!("{} {} {}", asked.method, asked.path, asked.body);
        world.requests.push(line);
        handler(&mut world, &asked)
    };
    let mut stream = stream;
    match said.fault {
        Some(Fault::Break) => return,
        Some(Fault::Hang) => {
            thread::sleep(Duration::from_secs(30));
            return;
        }
        Some(Fault::Throttle | Fault::Lie | Fault::Refuse | Fault::Pass) | None => {}
    }
    let pause = if said.code == 429 {
        "Retry-After: 7\r\n"
    } else {
        ""
    };
    let head = format!(
        "HTTP/1.1 {} X\r\n{pause}Content-Length: {}\r\nConnection: close\r\n\r\n",
        said.code,
        if said.code == 204 { 0 } else { said.body.len() },
    );
    let body = if said.code == 204 {
        ""
    } else {
        said.body.as_str()
    };
    let _the_client_may_have_left = stream.write_all(format!("{head}{body}").as_bytes());
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    let mut words = first.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((key, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((key.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(key, _)| key == "content-length");
    let length = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    Some(Asked {
        method,
        path,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}
