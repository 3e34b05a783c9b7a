//! What stands before the rows in the audit log of Windows' DHCP server: a title, what the numbers mean, the names of the
//! columns. None of it is a record; it may come again where the server was started anew.

use std::io::{self, BufRead};

use crate::{
    RefusalReason,
    intake::{Intake, Raw},
    lines::{Fits, Lines},
};

const TITLES: [&[u8]; 2] = [
    b"Microsoft DHCP Service Activity Log",
    b"Microsoft DHCPv6 Service Activity Log",
];

/// How the names of the columns begin.
const COLUMNS: &[u8] = b"ID,Date,Time,Description,";

/// Whether a text begins with the title, or with the names.
pub(crate) fn begins(prefix: &[u8]) -> bool {
    let text = prefix.trim_ascii_start();
    is_title(text) || text.starts_with(COLUMNS)
}

fn is_title(text: &[u8]) -> bool {
    TITLES.iter().any(|title| text.starts_with(title))
}

/// Reads such a file.
pub(crate) fn read(
    input: &mut dyn BufRead,
    offset: u64,
    intake: &mut Intake<'_>,
) -> io::Result<()> {
    let mut lines = Lines::new(input, offset);
    let mut before_rows = false;
    while let Some(line) = lines.next()? {
        let raw = Raw {
            bytes: line.bytes,
            offset: line.offset,
        };
        let text = line.bytes.trim_ascii();
        let is_columns = text.starts_with(COLUMNS);
        before_rows |= is_title(text);
        match line.fits {
            Fits::TooLong => intake.refuse(raw, RefusalReason::TooLong),
            Fits::Whole if text.is_empty() => {}
            Fits::Whole if intake.broke_off(raw, line.end) => {}
            Fits::Whole if is_columns => before_rows = false,
            Fits::Whole if before_rows && !is_row(text) => {}
            Fits::Whole => {
                before_rows = false;
                intake.text(raw);
            }
        }
    }
    Ok(())
}

/// Whether a line has a number, a date and a time: the list of meanings has none.
fn is_row(text: &[u8]) -> bool {
    let mut cells = text.split(|b| *b == b',');
    let digits = |cell: &[u8]| !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
    let has = |cell: Option<&[u8]>, sign| cell.is_some_and(|cell| cell.contains(&sign));
    cells.next().is_some_and(digits) && has(cells.next(), b'/') && has(cells.next(), b':')
}

#[cfg(test)]
mod tests {
    use crate::{Degradation, Event, Hints, Refusal, Sink, read};

    const PREFACE: &str = "\t\tMicrosoft DHCP Service Activity Log\r\n\r\n\r\nEvent ID  Meaning\r\n00\tThe log was started.\r\n10\tA new IP address was leased to a client.\r\n50+\tCodes above 50 are used for Rogue Server Detection information.\r\n\r\nQResult: 0: NoQuarantine, 1:Quarantine, 2:Drop Packet\r\n\r\nID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.\r\n";

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
        let hints = Hints::default();
        let read = read(&"t".into(), &mut text.as_bytes(), &hints, &mut kept);
        assert_eq!(read.unwrap().records, u64::try_from(kept.0.len()).unwrap());
        kept
    }

    #[test]
    fn what_stands_before_the_rows_is_no_record_wherever_it_stands() {
        let row = "10,04/17/26,08:01:02,Assign,10.0.0.7,ws7,000C29AABBCC,,1,0,,,,,,,,,0\r\n";
        let kept = run(&format!("{PREFACE}{row}{PREFACE}{row}{row}"));
        assert_eq!(kept.0.len(), 3);
        assert_eq!(kept.0[0].log.record, 1);
        assert_eq!(kept.0[0].offset, u64::try_from(PREFACE.len()).unwrap());
        assert!(
            kept.0
                .iter()
                .all(|event| &*event.kind.source() == "windows/dhcp-audit")
        );
        assert_eq!(kept.1, [Degradation::ZoneAssumed; 3]);
    }

    #[test]
    fn a_preface_that_was_cut_off_hides_no_row_and_a_broken_row_is_kept() {
        let row = "10,04/17/26,08:01:02,Assign,10.0.0.7,ws7,000C29AABBCC,\r\n";
        let kept = run(&format!(
            "Microsoft DHCP Service Activity Log\r\n00\tThe log\r\n{row}rubbish\r\n"
        ));
        assert_eq!(kept.0.len(), 2);
        assert_eq!(&*kept.0[1].kind.source(), "unknown");
        assert!(kept.1.contains(&Degradation::Unstructured));
        assert_eq!(run(PREFACE).0.len(), 0);
    }
}
