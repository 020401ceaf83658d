"""The adapter answers as the contract says: every vector that Python can express, for both kinds of handlers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from lpr_lambda_adapter import ErrorInfo
from script_handler import async_handler, plain_handler, run_of
from vector_function import answer
from vector_results import VectorResults
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

BUFFERED = [vector for vector in load_vectors() if "buffered" in vector["modes"]]
VECTORS = [vector for vector in BUFFERED if FEATURES.issuperset(vector.get("requires", []))]


@pytest.fixture(scope="module")
def results() -> Iterator[VectorResults]:
    """Collects what the vectors gave, and writes it when all have run."""
    results = VectorResults("adapter-python")
    for vector in BUFFERED:
        missing = sorted(set(vector.get("requires", [])) - FEATURES)
        if missing:
            results.not_applicable(vector["name"], "buffered", missing)
    yield results
    results.write()


@pytest.mark.parametrize("handler", [async_handler, plain_handler])
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector: Vector, handler: Any, caplog: pytest.LogCaptureFixture, results: VectorResults) -> None:
    expected = vector["expected"]
    event, run = prepare_event(vector)
    errors: list[ErrorInfo] = []
    value, error = outcome(handler, event, errors)
    problems = problems_with(value, error, expected) + problems_inside(expected["inside"], run_of(run), errors)
    results.ran(vector["name"], "buffered", problems)
    assert problems == []
    assert [record.requestId for record in caplog.records] == [info.request_id for info in errors]


def outcome(handler: Any, event: Any, errors: list[ErrorInfo]) -> tuple[Any, Exception | None]:
    """The value and no error, or no value and the error."""
    try:
        return answer(handler, event, CONTEXT, lambda _error, info: errors.append(info)), None
    except Exception as error:
        return None, error


def problems_with(value: Any, error: Exception | None, expected: dict[str, Any]) -> list[str]:
    if "error" in expected:
        includes = expected["error"]["includes"]
        return [f"expected an error that says {text}, got {error}" for text in includes if text not in str(error)]
    if error is not None:
        return [f"expected an answer, got {error!r}"]
    # As the runtime does it: only what UTF-8 and JSON can carry comes through.
    sent = json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    if "direct" not in expected:
        return compare(expected["buffered"], sent)
    return [] if sent == expected["direct"] else [f"expected {expected['direct']}, got {sent}"]


def problems_inside(inside: dict[str, Any], run: Any, errors: list[ErrorInfo]) -> list[str]:
    reports = [(report["requestId"], report["phase"]) for report in inside.get("reports", [])]
    named = [("$invocation" if info.request_id == "invocation-1" else info.request_id, info.phase) for info in errors]
    pairs = {
        "peak": (inside.get("peak", run.peak), run.peak),
        "handled": (inside.get("handled", run.handled), run.handled),
        "reports": (sorted(reports), sorted(named)),
    }
    return [f"{what}: expected {wanted}, got {got}" for what, (wanted, got) in pairs.items() if wanted != got]


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
