//! The pipelines that rules pass through: built-in ones by name, the user's own by file.

use std::path::PathBuf;

use cordon_sigma::{Pipeline, parse_pipeline};
use cordon_text::Source;

use crate::{
    Failure, content,
    failure::Problems,
    texts::{self, Texts},
};

/// Reads the pipelines asked for, in the order given.
///
/// # Errors
/// When a file cannot be read, or one is wrong: unlike a rule that is wrong by itself, it would
/// change what every rule means, so that it ends the work.
pub(crate) fn pipelines(asked: &[String]) -> Result<Vec<Pipeline>, Failure> {
    let built_in = content::pipelines();
    let mut problems = Problems::default();
    let mut pipelines = Vec::new();
    for spec in asked {
        let texts = texts(spec, &built_in)?;
        problems.report.extend(texts.report);
        problems.sources.extend(texts.unread);
        for source in texts.sources {
            let (pipeline, report) = parse_pipeline(&source);
            pipelines.extend(pipeline);
            problems.report.extend(report);
            problems.sources.push(source);
        }
    }
    if problems.report.has_errors() {
        return Err(Failure::Input(problems));
    }
    Ok(pipelines)
}

/// The texts that a name of a built-in pipeline, a file or a folder stands for.
fn texts(spec: &str, built_in: &[Source]) -> Result<Texts, Failure> {
    if let Some(source) = built_in.iter().find(|source| name(source) == spec) {
        return Ok(Texts {
            sources: vec![source.clone()],
            ..Texts::default()
        });
    }
    let path = PathBuf::from(spec);
    let looks_like_a_path = spec.contains(['/', '\\', '.']);
    if !looks_like_a_path && !path.exists() {
        let names: Vec<_> = built_in.iter().map(name).collect();
        let message = format!("there is no built-in pipeline `{spec}`, and no such file");
        let help = format!("built-in ones: {}", names.join(", "));
        return Err(Failure::Input(Problems::of_arguments(
            "--pipeline",
            &message,
            &help,
        )));
    }
    texts::files_and_folders(&[path])
}

/// The name of a built-in pipeline: that of its file without the ending.
fn name(source: &Source) -> &str {
    let file = source.name.rsplit(['/', ':']).next().unwrap_or_default();
    file.strip_suffix(".yml").unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::{content, name, pipelines};
    use crate::Failure;

    fn asked(specs: &[&str]) -> Vec<String> {
        specs.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_built_in_pipeline_can_be_used_by_its_name() {
        let sources = content::pipelines();
        let names: Vec<_> = sources.iter().map(name).collect();
        assert_eq!(names, ["ecs-windows", "entra", "sysmon", "windows-audit"]);
        assert_eq!(pipelines(&asked(&names)).unwrap().len(), names.len());
    }

    #[test]
    fn what_is_neither_a_name_nor_a_file_is_the_users_mistake() {
        let wrong = pipelines(&asked(&["sysmn"]));
        assert!(matches!(wrong, Err(Failure::Input(_))), "{wrong:?}");
        let missing = pipelines(&asked(&["./nowhere.yml"]));
        assert!(matches!(missing, Err(Failure::World(_))), "{missing:?}");
    }
}
