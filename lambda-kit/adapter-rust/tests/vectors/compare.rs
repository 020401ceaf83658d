use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Records with their defaults written out, without the freedoms that an adapter has and without chunks that say nothing.
pub fn plain(records: &[Value]) -> Vec<Value> {
    let records = records.iter().map(plain_record);
    records.filter(|record| record["type"] != "chunk" || record["body"] != "").collect()
}

fn plain_record(record: &Value) -> Value {
    let kind = record["type"].as_str().unwrap_or("whole");
    let body = json!([or(&record["body"], json!("")), or(&record["isBase64Encoded"], json!(false))]);
    let mut plain = json!({ "id": record["id"], "type": kind });
    if matches!(kind, "whole" | "head") {
        plain["head"] = plain_head(record);
    }
    if matches!(kind, "whole" | "chunk") {
        plain["body"] = body[0].clone();
        plain["isBase64Encoded"] = body[1].clone();
    }
    if kind == "error" {
        plain["error"] = json!([record["statusCode"], record["message"]]);
    }
    plain
}

fn plain_head(record: &Value) -> Value {
    let mut values: BTreeMap<String, Value> = BTreeMap::new();
    let several = record["multiValueHeaders"].as_object();
    for (name, value) in record["headers"].as_object().into_iter().flatten() {
        values.insert(name.to_lowercase(), json!([value]));
    }
    for (name, list) in several.into_iter().flatten() {
        values.insert(name.to_lowercase(), list.clone());
    }
    let mut cookies = record["cookies"].as_array().cloned().unwrap_or_default();
    if let Some(Value::Array(more)) = values.remove("set-cookie") {
        cookies.extend(more);
    }
    json!([record["statusCode"], values, cookies])
}

fn or(value: &Value, default: Value) -> Value {
    if value.is_null() { default } else { value.clone() }
}

/// What the records of one item amount to, however they are cut.
pub fn fold(records: &[Value]) -> Value {
    let mut body = Vec::new();
    let mut folded = json!({ "ended": false });
    for record in records {
        let text = record["body"].as_str().unwrap_or_default();
        match record["isBase64Encoded"] == true {
            true => body.extend(STANDARD.decode(text).unwrap_or_default()),
            false => body.extend(text.as_bytes()),
        }
        for part in ["head", "error"] {
            if !record[part].is_null() {
                folded[part] = record[part].clone();
            }
        }
        folded["ended"] = json!(folded["ended"] == true || record["type"] == "whole" || record["type"] == "end");
    }
    folded["body"] = json!(STANDARD.encode(body));
    folded
}

pub fn sorted(mut texts: Vec<String>) -> Value {
    texts.sort();
    json!(texts)
}

pub fn difference(what: &str, expected: &Value, got: &Value) -> Vec<String> {
    if expected == got {
        return Vec::new();
    }
    let show = |value: &Value| value.to_string().chars().take(1000).collect::<String>();
    vec![format!("{what}: expected {}, got {}", show(expected), show(got))]
}
