"""What holds for every handler, beyond the vectors."""

from __future__ import annotations

import json
import logging
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest

import lpr_lambda_adapter
from lpr_lambda_adapter import Cancellation, ErrorInfo, ItemContext, batch_adapter
from lpr_lambda_adapter._envelope import MAX_RESPONSES_BYTES
from support import batch, bodies, id_of, lambda_context


def answer(value: Any) -> dict[str, Any]:
    return batch_adapter(lambda event, context: value)(batch("a"))["responses"][0]


def test_the_public_names() -> None:
    assert sorted(lpr_lambda_adapter.__all__) == [
        "Cancellation",
        "DeadlineError",
        "ErrorInfo",
        "ItemContext",
        "OnError",
        "Phase",
        "batch_adapter",
    ]


def test_mistakes_in_the_arguments_are_named_all_at_once() -> None:
    with pytest.raises(TypeError) as caught:
        batch_adapter("no handler", concurrency=0, on_error="no function")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "batch_adapter: handler: expected a function, got 'no handler'; "
        "concurrency: expected a whole number from 1, or None, got 0; "
        "on_error: expected a function that is not async, got 'no function'"
    )


@pytest.mark.parametrize("concurrency", [0, -1, True, 1.0, "2"])
def test_concurrency_is_a_whole_number_from_1(concurrency: Any) -> None:
    with pytest.raises(TypeError, match="concurrency: expected"):
        batch_adapter(answer, concurrency=concurrency)


def test_on_error_must_not_be_async_as_nobody_would_await_it() -> None:
    async def on_error(error: BaseException, info: ErrorInfo) -> None: ...

    with pytest.raises(TypeError, match="on_error: expected"):
        batch_adapter(answer, on_error=on_error)


def test_it_is_a_decorator() -> None:
    @batch_adapter
    def handler(event: Any, context: Any) -> str:
        return "decorated"

    assert bodies(handler(batch("a"))) == {"a": "decorated"}


def test_an_error_is_logged_with_its_request_id_and_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    def handler(event: Any, context: Any) -> str:
        raise ZeroDivisionError("the reason")

    errors: list[tuple[BaseException, ErrorInfo]] = []
    adapted = batch_adapter(handler, on_error=lambda error, info: errors.append((error, info)))
    adapted(batch("a"), lambda_context())
    [record] = caplog.records
    assert (record.name, record.levelno) == ("lpr_lambda_adapter", logging.ERROR)
    assert record.getMessage() == "item failed: request a, phase handler"
    assert "the reason" in caplog.text
    assert "in handler" in caplog.text
    [(error, info)] = errors
    assert isinstance(error, ZeroDivisionError)
    assert (info.request_id, info.phase, id_of(info.item)) == ("a", "handler", "a")


def test_an_on_error_that_fails_is_logged_and_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    def handler(event: Any, context: Any) -> str:
        if id_of(event) == "a":
            raise ValueError("the reason")
        return "answered"

    def on_error(error: BaseException, info: ErrorInfo) -> None:
        raise OSError("no network")

    answers = bodies(batch_adapter(handler, on_error=on_error)(batch("a", "b")))
    assert answers == {"a": "internal error", "b": "answered"}
    assert [record.getMessage() for record in caplog.records] == [
        "item failed: request a, phase handler",
        "on_error failed: request a, phase handler",
    ]


def test_decimals_of_dynamodb_are_numbers() -> None:
    assert answer({"whole": Decimal("3"), "fraction": Decimal("1.5")})["body"] == '{"whole":3,"fraction":1.5}'


def test_a_status_of_the_standard_library_is_a_number_on_the_wire() -> None:
    response = answer({"statusCode": HTTPStatus.CREATED})
    assert json.dumps(response["statusCode"]) == "201"
    assert type(response["statusCode"]) is int


@pytest.mark.parametrize("body", [b"\x00\xff", bytearray(b"\x00\xff"), memoryview(b"\x00\xff")])
def test_all_kinds_of_bytes_are_bytes(body: Any) -> None:
    response = answer({"statusCode": 200, "body": body})
    assert (response["body"], response["isBase64Encoded"]) == ("AP8=", True)


def test_header_bytes_are_latin_1() -> None:
    assert answer({"statusCode": 200, "headers": {"x-a": b"caf\xe9"}})["headers"] == {"x-a": "café"}


def test_numbers_that_are_none_have_no_json() -> None:
    assert answer({"n": float("nan")})["statusCode"] == 500


def test_the_context_is_that_of_the_runtime_but_for_what_is_the_items_own() -> None:
    def handler(event: Any, context: ItemContext) -> Any:
        assert isinstance(context.cancelled, Cancellation)
        return [context.aws_request_id, context.function_name, context.get_remaining_time_in_millis() <= 30_000]

    answers = bodies(batch_adapter(handler)(batch("a", "b"), lambda_context(function_name="demo")))
    assert answers == {"a": '["a","demo",true]', "b": '["b","demo",true]'}


def test_a_context_without_time_and_no_context_at_all_will_do() -> None:
    def handler(event: Any, context: ItemContext) -> Any:
        return [context.get_remaining_time_in_millis() > 0, hasattr(context, "function_name")]

    assert bodies(batch_adapter(handler)(batch("a"))) == {"a": "[true,false]"}


def test_a_deadline_that_is_no_number_is_none() -> None:
    assert bodies(batch_adapter(lambda event, context: "ok")(batch("a", deadlineMs="soon"))) == {"a": "ok"}


@pytest.mark.parametrize(("runtime", "fits"), [("AWS_Lambda_python3.12", True), ("AWS_Lambda_python3.11", False)])
def test_the_envelope_is_measured_as_the_runtime_writes_it(
    monkeypatch: pytest.MonkeyPatch, runtime: str, fits: bool
) -> None:
    monkeypatch.setenv("AWS_EXECUTION_ENV", runtime)
    # Two bytes each in UTF-8, six as an escape.
    text = "é" * (MAX_RESPONSES_BYTES // 4)
    assert (answer({"statusCode": 200, "body": text})["statusCode"] == 200) is fits
