"""What every greeting function answers, so that their answers can be compared with those in Node.js."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

Event = dict[str, Any]
Response = dict[str, Any]

LONGEST_DELAY_MS = 5000
"""The endpoints are public, so a delay must end well before the routes' 8 s and the functions' 10 s do."""


def max_delay_ms(event: Event) -> int:
    """``max-delay`` of the query in ms: a number from 0 to 5000, and 0 if it is missing or no number."""
    text = (event.get("queryStringParameters") or {}).get("max-delay") or ""
    try:
        return int(min(LONGEST_DELAY_MS, max(0.0, float(text))))
    except ValueError:
        return 0


def random_delay_ms(max_ms: int) -> int:
    """A delay in ms from 0 to ``max_ms``, both included."""
    return random.randint(0, max_ms)


def greeting(event: Event, max_ms: int, delay_ms: int) -> Response:
    """Return the response, as JSON with status 200."""
    context = event["requestContext"]
    parameters = event.get("pathParameters") or {}
    value = {
        "ok": True,
        "id": context["requestId"],
        "greeting": parameters.get("greeting"),
        "method": context["http"]["method"],
        "path": event["rawPath"],
        "routeKey": event["routeKey"],
        "query": event.get("queryStringParameters") or {},
        "pathParameters": parameters,
        "maxDelayMs": max_ms,
        "delayMs": delay_ms,
        **_body_of(event),
    }
    body = json.dumps(value, ensure_ascii=False)
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body}


def _body_of(event: Event) -> dict[str, str]:
    body = event.get("body")
    if body is None:
        return {}
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    return {"bodyUtf8": content.decode("utf-8", "replace")}
