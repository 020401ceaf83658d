"""The adapter answers as the contract says: every vector that Python can express, for both kinds of handlers."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from lpr_lambda_adapter import ErrorInfo
from script_handler import async_handler, plain_handler, run_of
from vector_function import answer
from vector_runner import Vector, compare, load_vectors, plain_response, prepare_event

# Not `node-streams` and `web-streams`, which are JavaScript's, nor `throw-anything`: Python raises exceptions only.
FEATURES = {
    "abandoned-handlers",
    "cancellation",
    "lone-surrogates",
    "non-finite-numbers",
    "opaque-values",
    "streams",
    "sync-streams",
    "unprintable-values",
    "untyped-returns",
}

CONTEXT = SimpleNamespace(aws_request_id="invocation-1", get_remaining_time_in_millis=lambda: 30_000)

VECTORS = [
    vector
    for vector in load_vectors()
    if "buffered" in vector["modes"] and FEATURES.issuperset(vector.get("requires", []))
]


@pytest.mark.parametrize("handler", [async_handler, plain_handler])
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector: Vector, handler: Any, caplog: pytest.LogCaptureFixture) -> None:
    expected = vector["expected"]
    event, run = prepare_event(vector)
    errors: list[ErrorInfo] = []
    value, error = outcome(handler, event, errors)
    if "error" in expected:
        assert [text for text in expected["error"]["includes"] if text not in str(error)] == []
    else:
        assert error is None
        assert problems_with(value, expected) == []
    assert_inside(expected["inside"], run_of(run), errors)
    assert [record.requestId for record in caplog.records] == [info.request_id for info in errors]


def outcome(handler: Any, event: Any, errors: list[ErrorInfo]) -> tuple[Any, Exception | None]:
    """The value and no error, or no value and the error."""
    try:
        return answer(handler, event, CONTEXT, lambda _error, info: errors.append(info)), None
    except Exception as error:
        return None, error


def problems_with(value: Any, expected: dict[str, Any]) -> list[str]:
    # As the runtime does it: only what UTF-8 and JSON can carry comes through.
    sent = json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    if "direct" not in expected:
        return compare(expected["buffered"], sent)
    return [] if sent == expected["direct"] else [f"expected {expected['direct']}, got {sent}"]


def assert_inside(inside: dict[str, Any], run: Any, errors: list[ErrorInfo]) -> None:
    if "peak" in inside:
        assert run.peak == inside["peak"]
    if "handled" in inside:
        assert run.handled == inside["handled"]
    reports = [(report["requestId"], report["phase"]) for report in inside.get("reports", [])]
    named = [("$invocation" if info.request_id == "invocation-1" else info.request_id, info.phase) for info in errors]
    assert sorted(named) == sorted(reports)


def test_most_vectors_apply() -> None:
    assert len(VECTORS) >= 100


@pytest.mark.parametrize(
    "change", [{"statusCode": 201}, {"headers": {"x-a": "2"}}, {"cookies": ["c=1"]}, {"body": "ho"}, {"id": "b"}]
)
def test_comparison_sees_a_difference(change: dict[str, Any]) -> None:
    response = {"id": "a", "statusCode": 200, "headers": {"x-a": "1"}, "body": "hi", "isBase64Encoded": False}
    expected = {"v": 1, "responses": [response]}
    assert compare(expected, {"v": 1, "responses": [response]}) == []
    assert len(compare(expected, {"v": 1, "responses": [{**response, **change}]})) == 1


def test_comparison_allows_what_the_rules_allow() -> None:
    assert plain_response({"id": "a", "statusCode": 200, "headers": {"Set-Cookie": "c=1"}}) == plain_response(
        {"id": "a", "statusCode": 200, "headers": {}, "cookies": ["c=1"], "body": "", "isBase64Encoded": False}
    )
