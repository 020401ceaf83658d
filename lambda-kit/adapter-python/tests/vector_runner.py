"""The Python side of the vectors: what to send, and what counts as equal. contract/vectors/README.md has the rules."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CASES = Path(__file__).resolve().parents[3] / "contract" / "vectors" / "cases"

Vector = dict[str, Any]

_counter = itertools.count(1)


def load_vectors() -> list[Vector]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.json"))]


def prepare_event(vector: Vector) -> tuple[Any, str]:
    """The event to send, with times made absolute and the scripts and the setup on board; and the name of its run."""
    run = f"{vector['name']}/{next(_counter)}"
    event = expand(vector["event"])
    if not ("v" in event and isinstance(event.get("batch"), list)):
        return _with_script(event, vector, run), run
    event["batch"] = [_with_script(item, vector, run) for item in event["batch"]]
    if isinstance(event.get("meta"), dict):
        setup = {"options": vector.get("options", {})}
        if "remainingMs" in vector:
            setup["remainingMs"] = vector["remainingMs"]
        event["meta"]["vector"] = setup
    return event, run


def expand(value: Any) -> Any:
    """Writes out what vectors abbreviate: long texts, and times that are counted from now."""
    if isinstance(value, list):
        return [expand(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$nowPlusMs" in value:
        return int(time.time() * 1000) + value["$nowPlusMs"]
    if "$repeat" in value:
        text, times = value["$repeat"]
        return text * times
    return {key: expand(one) for key, one in value.items()}


def compare(expected: dict[str, Any], envelope: Any) -> list[str]:
    """What is wrong with a buffered answer; nothing if it is as expected."""
    wanted = [plain_response(response) for response in expand(expected["responses"])]
    got = [plain_response(response) for response in envelope["responses"]]
    problems = [] if envelope["v"] == 1 else [f"v: expected 1, got {envelope['v']}"]
    ids = ([one["id"] for one in wanted], [one["id"] for one in got])
    if ids[0] != ids[1]:
        return [*problems, f"ids: expected {ids[0]}, got {ids[1]}"]
    return problems + [
        f"response {a['id']}: expected {str(a)[:2000]}, got {str(b)[:2000]}"
        for a, b in zip(wanted, got, strict=True)
        if a != b
    ]


def plain_response(response: dict[str, Any]) -> dict[str, Any]:
    """A response with its defaults written out and without the freedoms that an adapter has."""
    values = {name.lower(): [value] for name, value in response.get("headers", {}).items()}
    values |= {name.lower(): list(several) for name, several in response.get("multiValueHeaders", {}).items()}
    cookies = response.get("cookies", []) + values.pop("set-cookie", [])
    known = {"statusCode": response.get("statusCode"), "headers": values, "cookies": cookies}
    body = {"body": response.get("body", ""), "isBase64Encoded": response.get("isBase64Encoded", False)}
    return {"id": response.get("id"), **known, **body}


def _with_script(item: Any, vector: Vector, run: str) -> Any:
    scripts = vector.get("scripts", {})
    script = scripts.get(_id_of(item), scripts.get("*"))
    if not isinstance(item, dict) or script is None:
        return item
    headers = {**(item.get("headers") or {}), "x-lpr-script": json.dumps(script), "x-lpr-run": run}
    return {**item, "headers": headers}


def _id_of(item: Any) -> str:
    return next(_ids(item), "") if isinstance(item, dict) else ""


def _ids(item: dict[str, Any]) -> Iterator[str]:
    if isinstance(item.get("requestContext"), dict) and "requestId" in item["requestContext"]:
        yield item["requestContext"]["requestId"]
    if "id" in item:
        yield item["id"]
