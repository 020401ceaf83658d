"""Makes a response of whatever a handler returned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ._body import Body, close_body, is_raw_body, open_body
from ._headers import read_headers
from ._text import to_text


def read_response(value: Any) -> tuple[dict[str, Any], Body]:
    """Return head and body, as API Gateway understands format 2.0.

    A mapping with ``statusCode`` is a response, any other value is sent as JSON (text as it is) with status 200.
    Beyond that, bytes and streams may be returned bare, or as the ``body`` of a mapping without ``statusCode``. Raises
    an error that says what is wrong with the value.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    if is_raw_body(value):
        return _inferred("application/octet-stream"), open_body(value, False)
    is_response = isinstance(value, Mapping) and (value.get("statusCode") is not None or is_raw_body(value.get("body")))
    if is_response:
        return _structured(value)
    # A handler that returns nothing answers `null`, which is what the runtime makes of it.
    return _inferred("application/json"), to_text(value)


def _structured(value: Mapping[str, Any]) -> tuple[dict[str, Any], Body]:
    body = open_body(value.get("body"), value.get("isBase64Encoded") in (True, "true"))
    try:
        status = value.get("statusCode")
        head = {"statusCode": 200 if status is None else _read_status(status), **read_headers(value)}
    except BaseException:
        close_body(body)
        raise
    return head, body


def _inferred(content_type: str) -> dict[str, Any]:
    return {"statusCode": 200, "headers": {"content-type": content_type}}


def _read_status(value: Any) -> int:
    is_text = isinstance(value, str) and re.fullmatch(r"[0-9]{3}", value)
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if is_text or (is_whole and not isinstance(value, bool)):
        status = int(value)
        if 200 <= status <= 999:
            return status
    raise TypeError(f"statusCode: expected a whole number from 200 to 999, got {value!r}")
