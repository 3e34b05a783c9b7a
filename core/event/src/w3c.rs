//! Extended log files of the W3C: rows of values below a line `#Fields:`, as IIS, proxies and the firewall
//! of Windows write them.
//!
//! Lines that begin with `#` say how to read what follows, and are no records. Fields keep their
//! names (`cs-uri-stem`, `c-ip`); `-` means that there is no value. Times are UTC unless
//! `#Time Format: Local` says otherwise.

use std::{
    borrow::Cow,
    io::{self, BufRead},
};

use cordon_model::{Item, Scalar};

use crate::{
    Degradation, RefusalReason,
    columns::{Cell, Columns},
    intake::{Intake, Kind, Raw, Understood},
    lines::{Fits, Lines, text_of},
    time::{self, When, Zoneless},
};

/// What the lines with `#` have said so far.
struct Head {
    columns: Columns,
    kind: Kind,
    zoneless: Zoneless,
    /// The date of rows that have only a time of day.
    date: String,
}

/// Software by a word of its name, and what its log is called.
const SOFTWARE: [(&str, Kind); 4] = [
    (
        "Internet Information Services",
        of("iis", "access", &["webserver"]),
    ),
    ("Windows Firewall", of("windows", "firewall", &["firewall"])),
    ("SGOS", of("bluecoat", "proxy", &["proxy"])),
    ("Exchange", of("exchange", "transport", &[])),
];

const fn of(
    product: &'static str,
    service: &'static str,
    categories: &'static [&'static str],
) -> Kind {
    Kind {
        product: Some(product),
        service: Some(service),
        categories,
    }
}

/// Whether a text begins with lines that say how to read it.
pub(crate) fn is_one(text: &[u8]) -> bool {
    const HEADS: [&[u8]; 5] = [
        b"#Software:",
        b"#Version:",
        b"#Fields:",
        b"#Date:",
        b"#Start-Date:",
    ];
    let mut lines = text.split(|b| *b == b'\n');
    HEADS.iter().any(|head| text.starts_with(head))
        && lines.any(|line| line.starts_with(b"#Fields:"))
}

/// Reads such a file.
pub(crate) fn read(
    input: &mut dyn BufRead,
    offset: u64,
    intake: &mut Intake<'_>,
) -> io::Result<()> {
    let mut lines = Lines::new(input, offset);
    let mut head = Head {
        columns: Columns::default(),
        kind: Kind::default(),
        zoneless: Zoneless::Utc,
        date: String::new(),
    };
    while let Some(line) = lines.next()? {
        let raw = Raw {
            bytes: line.bytes,
            offset: line.offset,
        };
        match (line.fits, line.bytes.trim_ascii()) {
            (Fits::TooLong, _) => intake.refuse(raw, RefusalReason::TooLong),
            (Fits::Whole, []) => {}
            (Fits::Whole, _) if intake.broke_off(raw, line.end) => {}
            (Fits::Whole, [b'#', said @ ..]) => head.learn(&String::from_utf8_lossy(said)),
            (Fits::Whole, _) if line.bytes.contains(&0) => {
                intake.refuse(raw, RefusalReason::Binary);
            }
            (Fits::Whole, _) => head.take(raw, intake),
        }
    }
    Ok(())
}

impl Head {
    fn learn(&mut self, said: &str) {
        let Some((name, value)) = said.split_once(':') else {
            return;
        };
        let value = value.trim();
        match name {
            "Fields" => {
                // Exchange parts them by commas.
                let between = |c: char| c.is_whitespace() || c == ',';
                let names = value.split(between).filter(|name| !name.is_empty());
                self.columns = Columns::new(names.map(str::to_owned).collect());
                if self.kind == Kind::default() {
                    self.kind = by_names(self.columns.names());
                }
            }
            "Software" => {
                let known = SOFTWARE.iter().find(|(word, _)| value.contains(word));
                self.kind = known.map_or_else(|| by_names(self.columns.names()), |(_, kind)| *kind);
            }
            "Time Format" if value == "Local" => self.zoneless = Zoneless::Local,
            "Date" => value
                .split(' ')
                .next()
                .unwrap_or_default()
                .clone_into(&mut self.date),
            _ => {}
        }
    }

    fn take(&self, raw: Raw<'_>, intake: &mut Intake<'_>) {
        let text = text_of(raw.bytes);
        let mut degraded = Vec::new();
        if matches!(text, Cow::Owned(_)) {
            degraded.push(Degradation::InvalidUtf8);
        }
        let record = &mut intake.draft.fields;
        let cells = values(&text).map(|value| match value {
            "-" => Cell::Nothing,
            value => Cell::Text(Cow::Borrowed(value)),
        });
        if !self.columns.fill(record, &text, cells) {
            degraded.push(Degradation::UnevenRow);
        }
        if self.columns.names().is_empty() {
            record.clear();
            let key = record.name("message");
            record.put(key, Scalar::Text(&text));
        }
        let when = self.when(intake);
        let kind = self.kind;
        intake.accept(
            raw,
            Understood {
                kind,
                when,
                degraded,
            },
        );
    }

    fn when(&self, intake: &Intake<'_>) -> Result<When, Degradation> {
        let text = |name| intake.draft.fields.get(name).and_then(Item::as_str);
        let Some(clock) = text("time").or_else(|| text("date-time")) else {
            return Err(Degradation::TimeMissing);
        };
        let date = text("date").unwrap_or(&self.date);
        let told = if clock.contains('T') || date.is_empty() {
            clock.to_owned()
        } else {
            format!("{date}T{clock}")
        };
        time::of_text(&told, self.zoneless, intake.hints).ok_or(Degradation::TimeUnreadable)
    }
}

/// What a log is where no software is named: requests to a server, or through a proxy.
fn by_names(names: &[String]) -> Kind {
    let has = |name: &str| names.iter().any(|known| known == name);
    let categories: &[&str] = if has("cs-uri-stem") && !has("cs-host") {
        &["webserver"]
    } else if has("cs-uri") || has("c-uri") || has("cs-host") || has("r-ip") {
        &["proxy"]
    } else {
        &[]
    };
    Kind {
        product: None,
        service: Some("w3c"),
        categories,
    }
}

/// The values of a row: parted by blanks, unless they stand in quotes.
fn values(row: &str) -> impl Iterator<Item = &str> {
    let row = row.trim();
    // Rows of Exchange are parted by commas.
    let by_commas = !row.contains([' ', '\t']) && row.contains(',');
    let mut left = Some(row).filter(|row| !row.is_empty());
    std::iter::from_fn(move || {
        let rest = left?;
        if by_commas {
            let parted = rest.split_once(',');
            left = parted.map(|(_, after)| after);
            return Some(parted.map_or(rest, |(value, _)| value));
        }
        let quoted = rest
            .strip_prefix('"')
            .and_then(|inner| inner.split_once('"'));
        let (value, after) = quoted.unwrap_or_else(|| {
            let blank = |b: u8| matches!(b, b' ' | b'\t');
            let end = rest.bytes().position(blank).unwrap_or(rest.len());
            rest.split_at_checked(end).unwrap_or((rest, ""))
        });
        let after = after.trim_start_matches([' ', '\t']);
        left = Some(after).filter(|after| !after.is_empty());
        Some(value)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Degradation, Event, Hints, Refusal, Sink, read};

    #[derive(Default)]
    struct Kept(Vec<Event>, Vec<Degradation>);

    impl Sink for Kept {
        fn event(&mut self, event: &Event, degraded: &[Degradation]) {
            self.0.push(event.clone());
            self.1.extend(degraded);
        }

        fn refusal(&mut self, refusal: Refusal) {
            panic!("refused: {refusal:?}");
        }
    }

    fn run(text: &str) -> Kept {
        let mut kept = Kept::default();
        read(
            &"t".into(),
            &mut text.as_bytes(),
            &Hints::default(),
            &mut kept,
        )
        .unwrap();
        kept
    }

    #[test]
    fn a_server_and_a_proxy_are_read_below_their_fields() {
        let kept = run(
            "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-04-17 08:00:00\r\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status\r\n2026-04-17 08:13:04 10.0.0.9 POST /owa/auth.aspx - 203.0.113.4 Mozilla/5.0+(x) 302\r\n#Fields: date time c-ip\r\n2026-04-17 08:13:05 203.0.113.5\r\n",
        );
        let event = &kept.0[0];
        assert_eq!(&*event.kind.source(), "iis/access");
        assert_eq!(&*event.kind.categories[0], "webserver");
        assert_eq!(event.time.unwrap().to_string(), "2026-04-17T08:13:04Z");
        assert_eq!(event.log.record, 1);
        assert_eq!(
            event.fields.to_value(),
            json!({"date": "2026-04-17", "time": "08:13:04",
            "s-ip": "10.0.0.9", "cs-method": "POST", "cs-uri-stem": "/owa/auth.aspx",
            "c-ip": "203.0.113.4", "cs(User-Agent)": "Mozilla/5.0+(x)", "sc-status": "302"})
        );
        assert_eq!(kept.0[1].fields.to_value()["c-ip"], "203.0.113.5");
        assert_eq!(kept.1, []);
        let kept = run(
            "#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n#Fields: date time action protocol src-ip\n\n2026-04-17 08:13:04 DROP TCP 10.0.0.4\n",
        );
        assert_eq!(&*kept.0[0].kind.source(), "windows/firewall");
        assert_eq!(kept.1, [Degradation::ZoneAssumed]);
    }

    #[test]
    fn rows_that_do_not_fit_are_counted_and_kept() {
        let kept = run("#Fields: date time c-ip\n2026-04-17 08:13:04\nx y z a\n");
        assert_eq!(kept.0.len(), 2);
        let uneven = kept.1.iter().filter(|d| **d == Degradation::UnevenRow);
        assert_eq!(uneven.count(), 2);
    }
}
