"""Events and contexts for the tests."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


def item(item_id: str, **fields: Any) -> dict[str, Any]:
    http = {"method": "GET", "path": "/hello"}
    context = {"requestId": item_id, "http": http}
    return {"version": "2.0", "rawPath": "/hello", "headers": {}, "requestContext": context, **fields}


def batch(*ids: str, **meta: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "meta": {"router": "lambda-parallel-router", "route": "/hello", "receivedAtMs": 0, **meta},
        "batch": [item(one) for one in ids],
    }


def id_of(event: dict[str, Any]) -> str:
    return event["requestContext"]["requestId"]


def lambda_context(remaining_ms: int = 30_000, **fields: Any) -> Any:
    return SimpleNamespace(aws_request_id="invocation-1", get_remaining_time_in_millis=lambda: remaining_ms, **fields)


def bodies(envelope: dict[str, Any]) -> dict[str, str]:
    return {response["id"]: response["body"] for response in envelope["responses"]}
