//! The connectors of a site: what it says of them, with the definitions that ship or that it brings.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use cordon_act::MANUAL;
use cordon_effect::{
    Aws, Definition, Dry, Exec, Http, Maker, Manual, Registry, SiteConnector, read_site,
};
use cordon_text::Source;

use crate::{Failure, content, failure::Problems, texts, typed};

/// Whether secrets are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// To show what would be called.
    Showing,
    /// To call it.
    Calling,
}

/// Makes all connectors. What people confirm lies in the folder.
///
/// # Errors
/// When a text is wrong, or a secret cannot be had.
pub(crate) fn registry(
    asked: &typed::SiteFiles,
    confirmations: &Path,
    purpose: For,
) -> Result<Registry, Failure> {
    let mut registry = Registry::default();
    registry.add("dry", Arc::new(Dry::default()));
    registry.add(MANUAL, Arc::new(Manual::new(confirmations)));
    let Some(file) = &asked.connectors else {
        return Ok(registry);
    };
    let definitions = definitions(asked)?;
    let source = one(file)?;
    let found = read_site(&source);
    let found = found.map_err(|report| {
        Failure::Input(Problems {
            report,
            sources: vec![source],
        })
    })?;
    for (name, connector) in found {
        match connector {
            SiteConnector::Aws(region, site) => {
                let wrong = |why: String| cannot_be_used(&name, &why);
                let site = match purpose {
                    For::Showing => site.unfetched(),
                    For::Calling => site.fetched().map_err(wrong)?,
                };
                let aws = Aws::new(&region, site).map_err(wrong)?;
                registry.add(name, Arc::new(aws));
            }
            SiteConnector::Exec(programs) => registry.add(name, Arc::new(Exec::new(programs))),
            SiteConnector::BuiltIn(built_in) => {
                let made = match purpose {
                    For::Showing => built_in.unfetched(),
                    For::Calling => built_in.fetched(),
                };
                let made = made.map_err(|why| cannot_be_used(&name, &why))?;
                registry.add(name, made);
            }
            SiteConnector::Http(http) => {
                let wrong = |why: &str| cannot_be_used(&name, why);
                let Some(definition) = definitions.get(&http.definition) else {
                    let known: Vec<&str> = definitions.keys().map(String::as_str).collect();
                    let why = format!(
                        "no definition `{}`; known: {}",
                        http.definition,
                        known.join(", ")
                    );
                    return Err(wrong(&why));
                };
                let site = match purpose {
                    For::Showing => http.unfetched(),
                    For::Calling => http.fetched().map_err(|why| wrong(&why))?,
                };
                let http = Http::new(definition.clone(), site).map_err(|why| wrong(&why))?;
                registry.add(name, Arc::new(http));
            }
        }
    }
    Ok(registry)
}

fn cannot_be_used(name: &str, why: &str) -> Failure {
    let message = format!("the connector `{name}` cannot be used: {why}");
    let help = "correct what the site says of it";
    Failure::Input(Problems::of_arguments("--connectors", &message, help))
}

fn definitions(asked: &typed::SiteFiles) -> Result<BTreeMap<String, Definition>, Failure> {
    let mut found = BTreeMap::new();
    let mut problems = Problems::default();
    let own = texts::files(&asked.definition)?;
    problems.report.extend(own.report);
    let shipped = content::connectors()
        .into_iter()
        .map(|text| (text, Maker::Cordon));
    let own = own.sources.into_iter().map(|text| (text, Maker::Site));
    for (source, maker) in shipped.chain(own) {
        match Definition::parse(&source) {
            Ok(mut definition) => {
                definition.maker = maker;
                found.insert(definition.name.clone(), definition);
            }
            Err(report) => {
                problems.report.extend(report);
                problems.sources.push(source);
            }
        }
    }
    if problems.report.has_errors() {
        return Err(Failure::Input(problems));
    }
    Ok(found)
}

/// One text that the user names.
///
/// # Errors
/// When it cannot be read, or is no text.
pub(crate) fn one(file: &Path) -> Result<Source, Failure> {
    let mut read = texts::files(&[file.to_owned()])?;
    match read.sources.pop() {
        Some(source) => Ok(source),
        None => Err(Failure::Input(Problems {
            report: read.report,
            sources: read.unread,
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::{Definition, content};

    #[test]
    fn every_built_in_connector_can_be_read() {
        for source in content::connectors() {
            assert!(Definition::parse(&source).is_ok(), "{}", source.name);
        }
    }
}
