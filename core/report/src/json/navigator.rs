//! A layer for MITRE's ATT&CK Navigator, in its format 4.5.
//!
//! The format is the Navigator's, not ours: its keys keep their spelling there.

use serde::{Deserialize, Serialize};

/// The version of the layer format.
const LAYER: &str = "4.5";

/// The oldest Navigator that reads that format.
const NAVIGATOR: &str = "5.0.0";

/// A colour for the least and one for the most, as `#rrggbb`.
const GRADIENT: [&str; 2] = ["#dbe9f6", "#08519c"];

/// A layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    /// Its name, shown on its tab.
    pub name: String,
    /// Which versions it is of.
    pub versions: Versions,
    /// Always `enterprise-attack`.
    pub domain: String,
    /// What it shows.
    pub description: String,
    /// 3: techniques with the highest score first.
    pub sorting: u8,
    /// Whether what has no annotation is left out.
    pub hide_disabled: bool,
    /// The techniques that have something to say.
    pub techniques: Vec<LayerTechnique>,
    /// From which score to which, in which colours.
    pub gradient: Gradient,
    /// What colours mean.
    pub legend_items: Vec<LegendItem>,
    /// Further facts.
    pub metadata: Vec<Metadatum>,
}

/// Which versions a layer is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Of ATT&CK.
    pub attack: String,
    /// Of the Navigator.
    pub navigator: String,
    /// Of the format.
    pub layer: String,
}

/// A technique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerTechnique {
    /// Its id. No tactic is named, so that it is shown under all of its tactics.
    #[serde(rename = "techniqueID")]
    pub technique_id: String,
    /// How many rules; none for a technique that is named only to show those below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u64>,
    /// What the rules are.
    pub comment: String,
    /// Each rule.
    pub metadata: Vec<Metadatum>,
    /// Whether the techniques below it are unfolded.
    pub show_subtechniques: bool,
}

/// Which colours stand for which scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gradient {
    /// The colours.
    pub colors: Vec<String>,
    /// The score of the first.
    pub min_value: u64,
    /// The score of the last.
    pub max_value: u64,
}

/// What a colour means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegendItem {
    /// In words.
    pub label: String,
    /// The colour.
    pub color: String,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadatum {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Layer {
    /// A layer of techniques scored by how many rules see them.
    pub fn new(
        name: String,
        description: String,
        attack: String,
        techniques: Vec<LayerTechnique>,
    ) -> Self {
        let most = techniques.iter().filter_map(|technique| technique.score);
        let most = most.max().unwrap_or(1);
        let [least_colour, most_colour] = GRADIENT.map(str::to_owned);
        let legend = |label: String, color: &String| LegendItem {
            label,
            color: color.clone(),
        };
        Self {
            name,
            versions: Versions {
                attack,
                navigator: NAVIGATOR.to_owned(),
                layer: LAYER.to_owned(),
            },
            domain: "enterprise-attack".to_owned(),
            description,
            sorting: 3,
            hide_disabled: false,
            techniques,
            legend_items: vec![
                legend("one rule".to_owned(), &least_colour),
                legend(format!("most rules ({most})"), &most_colour),
            ],
            gradient: Gradient {
                colors: vec![least_colour, most_colour],
                min_value: 1,
                max_value: most.max(2),
            },
            metadata: Vec::new(),
        }
    }
}

/// A layer as a document.
pub fn layer_document(layer: &Layer) -> String {
    super::v1::document(layer)
}
