//! The fast way against the careful one.

use cordon_model::Record;
use proptest::prelude::*;
use serde_json::Value;

use super::fill;
use crate::{windows::of_xml, xml};

/// What the careful way makes of it.
fn carefully(text: &str) -> Option<Record> {
    let tree = xml::parse(text).ok()?;
    let is_event = tree.pointer("/Event/System").is_some_and(Value::is_object);
    let fields = of_xml(tree).filter(|_| is_event)?;
    Some(Record::from(Value::Object(fields)))
}

/// Whether the fast way reads it; it never says anything else.
fn check(text: &str) -> bool {
    let mut record = Record::new();
    let fast = fill(text, &mut record);
    if fast.is_some() {
        assert_eq!(Some(&record), carefully(text).as_ref(), "{text}");
    }
    fast.is_some()
}

const SYSTEM: &str = "<Event xmlns='x'><System><Provider Name='P &amp; Q' Guid=\"{1}\"/><EventID Qualifiers='16384'>7036</EventID><Level>4</Level><TimeCreated SystemTime='2026-04-17T22:14:15Z'/><EventRecordID>10</EventRecordID><Correlation/><Computer>h</Computer><Security/></System>";

#[test]
fn plain_events_are_read_the_fast_way() {
    for rest in [
        "<EventData><Data Name='A'>1 &lt; 2</Data><Data Name='B'/><Data Name='C'></Data></EventData></Event>",
        "<EventData><Data>a</Data><Data/><Binary>00</Binary></EventData></Event> what follows",
        "\r\n <UserData>\r\n <Root xmlns='y' xmlns:z='w'>\r\n <A>1</A>\r\n <B/> </Root> </UserData>\r\n</Event>",
        "</Event>",
    ] {
        assert!(check(&format!("{SYSTEM}{rest}")), "{rest}");
    }
}

#[test]
fn what_is_out_of_the_ordinary_is_left_to_the_careful_way() {
    for text in [
        "<Event><System/></Event>",
        "<Event><System></System></Event>",
        "<Event><System><A/><A/></System></Event>",
        "<Event><System><EventID>007</EventID></System></Event>",
        "<Event><System><EventID> 7</EventID></System></Event>",
        "<Event><System><A>1</A></System><EventData/></Event>",
        "<Event><System><A>1</A></System><EventData>x</EventData></Event>",
        "<Event><System><A>1</A></System><EventData><Data Name='A'>1</Data></EventData></Event>",
        "<Event><System><A>1</A></System><EventData><Data Name='B C'>1</Data></EventData></Event>",
        "<Event><System><A>1</A></System><EventData><Data Name='B'><![CDATA[1]]></Data></EventData></Event>",
        "<Event><System><A>1</A></System><RenderingInfo Culture='en-US'><Message>m</Message></RenderingInfo></Event>",
    ] {
        assert!(!check(text), "{text}");
        assert!(
            text.contains("<System/>") || text.contains("<System></") || carefully(text).is_some()
        );
    }
}

fn bits() -> impl Strategy<Value = String> {
    let bits = [
        "<",
        "</",
        ">",
        "/>",
        "=",
        "'",
        "\"",
        " ",
        "\n",
        "Event",
        "System",
        "EventData",
        "UserData",
        "Data",
        "Data Name='A'>",
        "<Data Name='B'>2</Data>",
        "<Data>3</Data>",
        "<Data/>",
        "<A>1</A>",
        "<A x='1'/>",
        "<A/>",
        "<EventID>",
        "</EventID>",
        "7",
        "07",
        "+7",
        "&amp;",
        "&",
        "<!-- -->",
        "<![CDATA[x]]>",
        "xmlns='y'",
        "é",
        "_attributes",
        "</Data>",
        "</EventData>",
        "<EventData>",
        "</Event>",
        "</System>",
        "<UserData><R>",
        "</R></UserData>",
        "text",
    ];
    prop::sample::select(bits.map(str::to_owned).to_vec())
}

proptest! {
    #[test]
    fn damage_never_makes_the_fast_way_say_something_else(
        system in prop::collection::vec(bits(), 0..6), rest in prop::collection::vec(bits(), 0..16),
        cut in 0..600_usize, put in bits(),
    ) {
        let (system, rest) = (system.concat(), rest.concat());
        check(&format!("<Event><System><EventID>1</EventID>{system}</System>{rest}</Event>"));
        check(&format!("<Event><System><A>1</A></System><EventData>{rest}</EventData></Event>"));
        check(&format!("<Event><System><A>1</A></System><UserData><R>{rest}</R></UserData></Event>"));
        let mut whole = format!("{SYSTEM}<EventData><Data Name='D'>1</Data><Data Name='C'>x</Data></EventData></Event>");
        if whole.is_char_boundary(cut) {
            whole.insert_str(cut, &put);
        }
        check(&whole);
    }
}
