"""Text and JSON as the wire can carry them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def well_formed(text: str) -> str:
    """Return text that UTF-8 can carry.

    Two halves of a surrogate pair are put together, each lone half becomes U+FFFD, as strict JSON readers refuse its
    escape.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def to_json(value: Any) -> str:
    """Return compact JSON, with the decimals that DynamoDB returns as numbers.

    :raises TypeError: for what has no JSON, for example a function.
    :raises ValueError: for numbers that are none.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)


def to_text(value: Any) -> str:
    """Return text as it is, anything else as JSON."""
    return value if isinstance(value, str) else to_json(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"expected text, bytes, an iterable or JSON, got {type(value).__name__}")
