//! The modifiers behind a field's name, read from left to right into one plan.

use crate::{
    encode::Utf16,
    item::{Comparison, FieldRelation, Quantifier, TimePart},
};

/// What an item's values are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The text relates so to the value; plain equality where no modifier says otherwise.
    Text(FieldRelation),
    /// A regular expression.
    Regex(RegexFlags),
    /// A network.
    Cidr,
    /// A size.
    Compare(Comparison),
    /// Whether the field is there.
    Exists,
    /// Another field.
    FieldRef(FieldRelation),
    /// A part of a point in time.
    Time(TimePart, Comparison),
}

/// What a regular expression is told beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RegexFlags {
    pub(crate) ignore_case: bool,
    pub(crate) multi_line: bool,
    pub(crate) dot_all: bool,
}

/// How base64 is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base64 {
    /// The text encoded as it stands.
    Whole,
    /// The text at any place within encoded bytes.
    Offsets,
}

/// All modifiers of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) shape: Option<Shape>,
    pub(crate) quantifier: Quantifier,
    pub(crate) utf16: Option<Utf16>,
    pub(crate) base64: Option<Base64>,
    pub(crate) cased: bool,
    pub(crate) windash: bool,
    pub(crate) expand: bool,
}

/// Why modifiers are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

const KNOWN: &str = "known modifiers: all, base64, base64offset, cased, cidr, contains, day, \
    endswith, exists, expand, fieldref, gt, gte, hour, lt, lte, minute, month, neq, re (i, m, s), \
    startswith, utf16, utf16be, utf16le, week, wide, windash, year";

/// What to do about modifiers that cannot stand together.
const REMOVE: &str = "remove one of the modifiers";

impl Plan {
    /// No modifier at all.
    pub(crate) const PLAIN: Self = Self {
        shape: None,
        quantifier: Quantifier::Any,
        utf16: None,
        base64: None,
        cased: false,
        windash: false,
        expand: false,
    };

    /// Reads the modifiers of one field.
    pub(crate) fn read<'m>(modifiers: impl Iterator<Item = &'m str>) -> Result<Self, Refused> {
        let mut plan = Self::PLAIN;
        for modifier in modifiers {
            plan.add(modifier)?;
        }
        plan.check()?;
        Ok(plan)
    }

    fn add(&mut self, modifier: &str) -> Result<(), Refused> {
        match modifier {
            "all" => self.quantifier = self.quantifier.every(),
            "neq" => self.quantifier = self.quantifier.negated(),
            "cased" => self.cased = true,
            "windash" if self.base64.is_some() || self.utf16.is_some() => {
                return Err(order("`windash` must come before the encodings"));
            }
            "expand" if self.base64.is_some() || self.utf16.is_some() => {
                return Err(order("`expand` must come before the encodings"));
            }
            "windash" => self.windash = true,
            "expand" => self.expand = true,
            "wide" | "utf16le" => self.encode(Utf16::Little)?,
            "utf16be" => self.encode(Utf16::Big)?,
            "utf16" => self.encode(Utf16::Marked)?,
            "base64" => self.encode_base64(Base64::Whole)?,
            "base64offset" => self.encode_base64(Base64::Offsets)?,
            _ => self.shape = Some(self.next_shape(modifier)?),
        }
        Ok(())
    }

    fn encode(&mut self, how: Utf16) -> Result<(), Refused> {
        if self.utf16.is_some() || self.base64.is_some() || self.shape.is_some() {
            return Err(order(
                "an encoding must come before `base64`, `contains` and the like",
            ));
        }
        self.utf16 = Some(how);
        Ok(())
    }

    fn encode_base64(&mut self, how: Base64) -> Result<(), Refused> {
        if self.base64.is_some() || self.shape.is_some() {
            return Err(order("base64 stands once, before `contains` and the like"));
        }
        self.base64 = Some(how);
        Ok(())
    }

    /// The shape after one more modifier.
    fn next_shape(&self, modifier: &str) -> Result<Shape, Refused> {
        use FieldRelation::{Contains, EndsWith, Equals, StartsWith};
        let relation = match modifier {
            "contains" => Some(Contains),
            "startswith" => Some(StartsWith),
            "endswith" => Some(EndsWith),
            _ => None,
        };
        let next = match (self.shape, modifier, relation) {
            (None, _, Some(relation)) => Some(Shape::Text(relation)),
            (None, "fieldref", _) => Some(Shape::FieldRef(Equals)),
            (Some(Shape::FieldRef(Equals)), _, Some(relation))
            | (Some(Shape::Text(relation)), "fieldref", _) => Some(Shape::FieldRef(relation)),
            (None, "re", _) => Some(Shape::Regex(RegexFlags::default())),
            (Some(Shape::Regex(flags)), _, _) => regex_flag(flags, modifier).map(Shape::Regex),
            (None, "cidr", _) => Some(Shape::Cidr),
            (None, "exists", _) => Some(Shape::Exists),
            (None, _, _) => compare(modifier)
                .map(Shape::Compare)
                .or_else(|| Some(Shape::Time(time_part(modifier)?, Comparison::Equal))),
            (Some(Shape::Time(part, Comparison::Equal)), _, _) => {
                compare(modifier).map(|comparison| Shape::Time(part, comparison))
            }
            (Some(_), _, _) => None,
        };
        next.ok_or_else(|| unfit(modifier, self.shape))
    }

    /// How a text relates to the value, if texts are what it is about.
    pub(crate) fn relation(&self) -> Option<FieldRelation> {
        match self.shape.unwrap_or(Shape::Text(FieldRelation::Equals)) {
            Shape::Text(relation) => Some(relation),
            Shape::Regex(_)
            | Shape::Cidr
            | Shape::Compare(_)
            | Shape::Exists
            | Shape::FieldRef(_)
            | Shape::Time(..) => None,
        }
    }

    /// Whether no modifier says how values are to be read.
    pub(crate) fn is_plain(&self) -> bool {
        let written = self.cased || self.windash || self.expand;
        self.shape.is_none() && self.base64.is_none() && !written
    }

    /// Modifiers that say nothing together.
    fn check(&self) -> Result<(), Refused> {
        let text = matches!(self.shape, None | Some(Shape::Text(_)));
        let cases = text || matches!(self.shape, Some(Shape::FieldRef(_)));
        let expands = text || matches!(self.shape, Some(Shape::Cidr | Shape::Regex(_)));
        let problem = if self.utf16.is_some() && self.base64.is_none() {
            Some((
                "a UTF-16 encoding needs `base64` or `base64offset` after it",
                "write `wide|base64offset|contains`, or the encoding that the log has it in",
            ))
        } else if self.base64.is_some() && !text {
            let what = "base64 goes with plain text and `contains`, `startswith`, `endswith` only";
            Some((what, REMOVE))
        } else if self.windash && !text {
            Some(("`windash` goes with plain text only", REMOVE))
        } else if self.cased && !cases {
            let what = "`cased` goes with text and `fieldref` only";
            let regex = matches!(self.shape, Some(Shape::Regex(_)));
            let help = if regex {
                "remove it: case counts in a regular expression unless `i` follows `re`"
            } else {
                REMOVE
            };
            Some((what, help))
        } else if self.expand && !expands {
            Some(("`expand` goes with text, `re` and `cidr` only", REMOVE))
        } else {
            None
        };
        problem.map_or(Ok(()), |(what, help)| {
            Err(Refused {
                code: "modifier-combination",
                message: what.to_owned(),
                help,
            })
        })
    }
}

fn order(what: &str) -> Refused {
    Refused {
        code: "modifier-order",
        message: format!("modifiers apply from left to right: {what}"),
        help: "write the encodings first, as in `wide|base64offset|contains`",
    }
}

/// Why a modifier cannot stand where it stands.
fn unfit(modifier: &str, before: Option<Shape>) -> Refused {
    if regex_flag(RegexFlags::default(), modifier).is_some() {
        return Refused {
            code: "modifier-order",
            message: format!("`{modifier}` says something about `re` and must follow it"),
            help: "write it as in `re|i`",
        };
    }
    let known = compare(modifier).is_some()
        || time_part(modifier).is_some()
        || matches!(
            modifier,
            "contains" | "startswith" | "endswith" | "fieldref" | "re"
        )
        || matches!(modifier, "cidr" | "exists");
    if known && before.is_some() {
        return Refused {
            code: "modifier-combination",
            message: format!("`{modifier}` says nothing together with the modifiers before it"),
            help: "remove one of the modifiers",
        };
    }
    Refused {
        code: "unknown-modifier",
        message: format!("there is no modifier `{modifier}`"),
        help: KNOWN,
    }
}

fn regex_flag(mut flags: RegexFlags, modifier: &str) -> Option<RegexFlags> {
    match modifier {
        "i" | "ignorecase" => flags.ignore_case = true,
        "m" | "multiline" => flags.multi_line = true,
        "s" | "dotall" => flags.dot_all = true,
        _ => return None,
    }
    Some(flags)
}

/// `eq` is a word of correlations only, and `neq` was taken before.
fn compare(modifier: &str) -> Option<Comparison> {
    Comparison::from_word(modifier).filter(|c| *c != Comparison::Equal)
}

fn time_part(modifier: &str) -> Option<TimePart> {
    match modifier {
        "minute" => Some(TimePart::Minute),
        "hour" => Some(TimePart::Hour),
        "day" => Some(TimePart::Day),
        "week" => Some(TimePart::Week),
        "month" => Some(TimePart::Month),
        "year" => Some(TimePart::Year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_reason() {
        for (modifiers, expect) in [
            ("contains|all", None),
            ("wide|base64offset|contains", None),
            ("contains|windash|all", None),
            ("re|i|m|s", None),
            ("expand|windash|wide|base64offset|contains", None),
            ("contains|all|neq", None),
            ("base64|windash", Some("modifier-order")),
            ("wide|expand|base64", Some("modifier-order")),
            ("i", Some("modifier-order")),
            ("fieldref|endswith|cased|neq", None),
            ("startswith|fieldref", None),
            ("hour|gte", None),
            ("contains|base64", Some("modifier-order")),
            ("wide", Some("modifier-combination")),
            ("re|contains", Some("modifier-combination")),
            ("cidr|contains", Some("modifier-combination")),
            ("gt|cased", Some("modifier-combination")),
            ("contain", Some("unknown-modifier")),
            ("eq", Some("unknown-modifier")),
        ] {
            let found = Plan::read(modifiers.split('|')).err().map(|r| r.code);
            assert_eq!(found, expect, "{modifiers}");
        }
    }
}
