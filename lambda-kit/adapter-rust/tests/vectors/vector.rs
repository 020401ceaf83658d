use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One case; contract/vectors/README.md says what its keys mean.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Vector {
    pub name: String,
    pub modes: Vec<String>,
    #[serde(default)]
    pub requires: Vec<String>,
    #[serde(default)]
    options: Map<String, Value>,
    remaining_ms: Option<u64>,
    event: Value,
    #[serde(default)]
    scripts: Map<String, Value>,
    #[serde(default, rename = "compare", deserialize_with = "is_answers")]
    pub compares_answers: bool,
    pub expected: Value,
}

fn is_answers<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(deserializer)? == "answers")
}

pub fn load_vectors() -> Vec<Vector> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contract/vectors/cases");
    let files = std::fs::read_dir(cases).expect("the folder of the cases");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).expect("a text");
    paths.iter().map(|path| serde_json::from_str(&read(path)).expect("a vector")).collect()
}

impl Vector {
    /// The event to send: with times made absolute, and with the scripts and the setup on board.
    pub fn prepare(&self, run: &str) -> Value {
        let mut event = expand(self.event.clone());
        if event.get("v").is_none() || !event["batch"].is_array() {
            self.add_script(&mut event, run);
            return event;
        }
        if let Some(items) = event["batch"].as_array_mut() {
            items.iter_mut().for_each(|item| self.add_script(item, run));
        }
        if let Some(meta) = event.get_mut("meta").filter(|meta| meta.is_object()) {
            meta["vector"] = json!({ "options": self.options, "remainingMs": self.remaining_ms });
        }
        event
    }

    fn add_script(&self, item: &mut Value, run: &str) {
        let script = self.scripts.get(&id_of(item)).or_else(|| self.scripts.get("*"));
        let (Some(script), true) = (script, item.is_object()) else { return };
        if !item["headers"].is_object() {
            item["headers"] = json!({});
        }
        item["headers"]["x-lpr-script"] = json!(script.to_string());
        item["headers"]["x-lpr-run"] = json!(run);
    }
}

fn id_of(item: &Value) -> String {
    let own = &item["requestContext"]["requestId"];
    match if own.is_null() { &item["id"] } else { own } {
        Value::String(id) => id.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Writes out what vectors abbreviate: long texts, and times that are counted from now.
pub fn expand(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(expand).collect(),
        Value::Object(map) => {
            if let Some(ms) = map.get("$nowPlusMs").and_then(Value::as_i64) {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                return json!(now.as_millis() as i64 + ms);
            }
            if let Some(operand) = map.get("$repeat") {
                let times = operand[1].as_u64().unwrap_or_default() as usize;
                return json!(operand[0].as_str().unwrap_or_default().repeat(times));
            }
            map.into_iter().map(|(key, one)| (key, expand(one))).collect()
        }
        other => other,
    }
}
