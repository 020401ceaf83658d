"""The example works as it says."""

from __future__ import annotations

import json

import pytest

import app
from support import batch, bodies, item, lambda_context


def test_the_example_answers_a_batch() -> None:
    event = batch("a", "b")
    for entry, order in zip(event["batch"], ("1", "7"), strict=True):
        entry["pathParameters"] = {"id": order}
    answers = {key: json.loads(body) for key, body in bodies(app.handler(event, lambda_context())).items()}
    assert answers == {
        "a": {"item": "tea", "amount": 2},
        "b": {"message": "no such order", "requestId": "b"},
    }


def test_the_example_answers_api_gateway_too() -> None:
    response = app.handler(item("a", pathParameters={"id": "2"}), lambda_context())
    assert (response["statusCode"], json.loads(response["body"])["item"]) == (200, "coffee")


def test_the_example_counts_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert bodies(app.handler(batch("a"), lambda_context())) == {"a": "internal error"}
    assert json.loads(capsys.readouterr().out)["error"] == "KeyError"
