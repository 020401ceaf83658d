"""Events and answers as Lambda's runtimes read and write them."""

from __future__ import annotations

import json
import math
import os
import re
from decimal import Decimal
from typing import Any


def from_json(text: bytes) -> Any:
    """Return the value. Raises ValueError."""
    return json.loads(text)


def to_payload(value: Any) -> tuple[bytes, str]:
    """Return the bytes of an answer and their content type: bytes as they are, anything else as JSON."""
    if isinstance(value, bytes):
        return value, "application/unknown"
    return to_json(value), "application/json"


def to_json(value: Any) -> bytes:
    """Return the JSON that Lambda's runtimes write. Raises TypeError or ValueError for what has none."""
    return json.dumps(value, ensure_ascii=_escapes(), default=_plain).encode()


def _plain(value: Any) -> Any:
    """Lambda's runtimes know the decimals that DynamoDB returns."""
    if not isinstance(value, Decimal):
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
    if value.is_nan():
        return math.nan
    return int(value) if value == value.to_integral_value() else float(value)


def _escapes() -> bool:
    """Whether all but ASCII is escaped, as before Python 3.12."""
    runtime = re.fullmatch(r"AWS_Lambda_python3\.(\d+)", os.environ.get("AWS_EXECUTION_ENV", ""))
    return runtime is None or int(runtime[1]) < 12
