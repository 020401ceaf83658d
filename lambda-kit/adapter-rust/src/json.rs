use serde::Serialize;

use crate::failure::Error;

/// JSON as text.
pub(crate) fn to_text(value: &impl Serialize) -> Result<String, Error> {
    Ok(serde_json::to_string(value)?)
}
