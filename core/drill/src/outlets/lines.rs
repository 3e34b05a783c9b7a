//! Lines of `cordon/estate/v1`, one thing each.

use std::{fmt::Write as _, io};

use super::Written;

/// An estate being written. Ids are plain: nothing in them needs an escape.
pub(super) struct Lines<W: io::Write> {
    out: io::BufWriter<W>,
    written: Written,
    line: String,
}

/// A step before it is written.
#[derive(Debug, Default)]
pub(super) struct Step<'s> {
    pub(super) id: String,
    pub(super) cost: u32,
    pub(super) minutes: u32,
    pub(super) nodes: Vec<String>,
    pub(super) edges: Vec<(String, String, &'s str)>,
    pub(super) down: Vec<String>,
}

impl<W: io::Write> Lines<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out: io::BufWriter::with_capacity(1 << 16, out),
            written: Written::default(),
            line: String::new(),
        }
    }

    pub(super) fn head(&mut self) -> io::Result<()> {
        self.put(r#"{"cordon":"estate/v1","name":"Northgate","currency":"GBP"}"#)
    }

    pub(super) fn node(&mut self, id: &str, kind: &str) -> io::Result<()> {
        self.written.nodes += 1;
        self.put(&format!(r#"{{"node":{{"id":"{id}","kind":"{kind}"}}}}"#))
    }

    pub(super) fn jewel(&mut self, id: &str, kind: &str, loss: u32) -> io::Result<()> {
        self.written.nodes += 1;
        let jewel = format!(r#""jewel":{{"loss":{loss}}}"#);
        self.put(&format!(
            r#"{{"node":{{"id":"{id}","kind":"{kind}",{jewel}}}}}"#
        ))
    }

    pub(super) fn edge(&mut self, from: &str, to: &str, kind: &str) -> io::Result<()> {
        self.written.edges += 1;
        let minutes = minutes(kind);
        self.put(&format!(
            r#"{{"edge":{{"from":"{from}","to":"{to}","kind":"{kind}","minutes":{minutes}}}}}"#
        ))
    }

    /// A service: what it needs as JSON, and the rest of its keys likewise.
    pub(super) fn service(&mut self, id: &str, needs: &str, rest: &str) -> io::Result<()> {
        self.written.services += 1;
        self.put(&format!(
            r#"{{"service":{{"id":"{id}","needs":{needs}{rest}}}}}"#
        ))
    }

    /// A step whose kind is what its id begins with.
    pub(super) fn step(&mut self, step: &Step<'_>) -> io::Result<()> {
        self.written.steps += 1;
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        let kind = step.id.split('/').next().unwrap_or_default();
        let _ = write!(line, r#"{{"step":{{"id":"{}","kind":"{kind}","#, step.id);
        line.push_str(r#""removes":{"nodes":"#);
        list(&mut line, &step.nodes);
        line.push_str(r#","edges":["#);
        for (number, (from, to, kind)) in step.edges.iter().enumerate() {
            line.push_str(if number == 0 { "" } else { "," });
            let _ = write!(line, r#"{{"from":"{from}","to":"{to}","kind":"{kind}"}}"#);
        }
        line.push_str(r#"]},"takes_down":"#);
        list(&mut line, &step.down);
        let (cost, minutes) = (step.cost, step.minutes);
        let _ = write!(line, r#","cost":{cost},"minutes":{minutes}}}}}"#);
        let put = self.put(&line);
        self.line = line;
        put
    }

    fn put(&mut self, line: &str) -> io::Result<()> {
        io::Write::write_all(&mut self.out, line.as_bytes())?;
        io::Write::write_all(&mut self.out, b"\n")
    }

    pub(super) fn finish(mut self) -> io::Result<Written> {
        io::Write::flush(&mut self.out)?;
        Ok(self.written)
    }
}

/// A list of ids as JSON.
fn list(line: &mut String, ids: &[String]) {
    line.push('[');
    for (number, id) in ids.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(line, r#"{comma}"{id}""#);
    }
    line.push(']');
}

/// How long a way of this kind takes.
fn minutes(kind: &str) -> u32 {
    match kind {
        "member-of" | "synced-to" => 0,
        "network-route" => 1,
        "has-session" => 20,
        "force-change-password" | "vpn-entry" => 15,
        _ => 10,
    }
}
