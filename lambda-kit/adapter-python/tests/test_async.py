"""Async handlers: tasks on one loop, which the synchronous runtime never sees."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from lpr_lambda_adapter import DeadlineError, ErrorInfo, batch_adapter
from support import batch, bodies, id_of, item, lambda_context


def test_items_run_side_by_side_on_one_loop() -> None:
    arrived: list[str] = []
    all_here = asyncio.Event()
    loops = set()

    async def handler(event: Any, context: Any) -> str:
        loops.add(asyncio.get_running_loop())
        arrived.append(id_of(event))
        if len(arrived) == 3:
            all_here.set()
        await all_here.wait()
        return "met"

    assert bodies(batch_adapter(handler)(batch("a", "b", "c"))) == {"a": "met", "b": "met", "c": "met"}
    assert len(loops) == 1


def test_the_loop_stays_open_between_invocations_so_that_clients_bound_to_it_go_on_working() -> None:
    kept: list[Any] = []

    async def handler(event: Any, context: Any) -> str:
        loop = asyncio.get_running_loop()
        if not kept:
            kept.append(loop.create_future())
            return "made"
        loop.call_soon(kept[0].set_result, "used")
        return await kept[0]

    adapted = batch_adapter(handler)
    assert bodies(adapted(batch("a"))) == {"a": "made"}
    assert bodies(adapted(batch("b"))) == {"b": "used"}


def test_the_loop_is_the_one_that_the_handlers_module_made_its_clients_on() -> None:
    result: list[Any] = []

    def environment() -> None:
        made = asyncio.new_event_loop()
        asyncio.set_event_loop(made)

        async def handler(event: Any, context: Any) -> str:
            return "same" if asyncio.get_running_loop() is made else "other"

        result.append(bodies(batch_adapter(handler)(batch("a"))))
        made.close()

    run_in_thread(environment)
    assert result == [{"a": "same"}]


def test_a_loop_closed_by_somebody_else_is_replaced() -> None:
    result: list[Any] = []

    async def handler(event: Any, context: Any) -> str:
        return "answered"

    def environment() -> None:
        adapted = batch_adapter(handler)
        adapted(batch("a"))
        asyncio.get_event_loop().close()
        result.append(bodies(adapted(batch("b"))))
        asyncio.get_event_loop().close()

    run_in_thread(environment)
    assert result == [{"b": "answered"}]


def test_inside_of_a_running_loop_the_error_says_what_to_do() -> None:
    async def handler(event: Any, context: Any) -> str:
        return "answered"

    async def caller() -> None:
        batch_adapter(handler)(batch("a"))

    with pytest.raises(RuntimeError, match=r"asyncio\.to_thread"):
        asyncio.run(caller())


def test_a_direct_event_gets_the_handlers_value_and_its_errors_unchanged() -> None:
    async def handler(event: Any, context: Any) -> Any:
        if event["rawPath"] == "/broken":
            raise KeyError("missing")
        return {"id": context.aws_request_id}

    adapted = batch_adapter(handler)
    assert adapted(item("a"), lambda_context()) == {"id": "invocation-1"}
    with pytest.raises(KeyError, match="missing"):
        adapted(item("a", rawPath="/broken"), lambda_context())


@pytest.mark.parametrize("kind", ["object", "partial", "generator"])
def test_whatever_is_async_runs_on_the_loop(kind: str) -> None:
    class Callable:
        async def __call__(self, event: Any, context: Any) -> str:
            return "answered"

    async def three(prefix: str, event: Any, context: Any) -> str:
        return prefix

    async def generator(event: Any, context: Any) -> AsyncIterator[str]:
        yield "answ"
        yield "ered"

    handlers: dict[str, Any] = {
        "object": Callable(),
        "partial": functools.partial(three, "answered"),
        "generator": generator,
    }
    assert bodies(batch_adapter(handlers[kind])(batch("a"))) == {"a": "answered"}


def test_each_item_has_context_variables_of_its_own() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")

    async def handler(event: Any, context: Any) -> str:
        before = variable.get()
        variable.set(id_of(event))
        await asyncio.sleep(0)
        return before + " " + variable.get()

    assert bodies(batch_adapter(handler)(batch("a", "b"))) == {"a": "unset a", "b": "unset b"}


def test_an_item_out_of_time_is_cancelled_and_may_clean_up() -> None:
    cleaned: list[str] = []
    errors: list[tuple[BaseException, ErrorInfo]] = []

    async def handler(event: Any, context: Any) -> Any:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(context.aws_request_id)

    adapted = batch_adapter(handler, on_error=lambda error, info: errors.append((error, info)))
    assert bodies(adapted(batch("a"), lambda_context(400))) == {"a": "timeout"}
    assert cleaned == ["a"]
    assert [(type(error), info.phase) for error, info in errors] == [(DeadlineError, "deadline")]


def test_an_item_that_refuses_to_be_cancelled_does_not_hold_the_others() -> None:
    async def handler(event: Any, context: Any) -> Any:
        while id_of(event) == "stubborn" and not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue
        return "answered"

    released = asyncio.Event()
    adapted = batch_adapter(handler)
    answers = bodies(adapted(batch("stubborn", "b"), lambda_context(400)))
    assert answers == {"stubborn": "timeout", "b": "answered"}
    released.set()
    assert bodies(adapted(batch("c"))) == {"c": "answered"}


def test_a_cancellation_that_a_handler_lets_out_is_its_failure() -> None:
    async def handler(event: Any, context: Any) -> str:
        if id_of(event) == "a":
            raise asyncio.CancelledError
        return "answered"

    assert bodies(batch_adapter(handler)(batch("a", "b"))) == {"a": "internal error", "b": "answered"}


def test_sys_exit_is_a_failure_of_its_item() -> None:
    async def handler(event: Any, context: Any) -> str:
        if id_of(event) == "a":
            raise SystemExit(1)
        return "answered"

    assert bodies(batch_adapter(handler)(batch("a", "b"))) == {"a": "internal error", "b": "answered"}


def test_a_body_is_closed_when_it_fails() -> None:
    closed: list[str] = []

    async def body() -> AsyncIterator[Any]:
        try:
            yield "one"
            yield object()
        finally:
            closed.append("closed")

    async def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200, "body": body()}

    assert bodies(batch_adapter(handler)(batch("a"))) == {"a": "internal error"}
    assert closed == ["closed"]


def test_a_body_may_be_any_async_iterable() -> None:
    class Rows:
        def __aiter__(self) -> Rows:
            self.left = 2
            return self

        async def __anext__(self) -> bytes:
            if self.left == 0:
                raise StopAsyncIteration
            self.left -= 1
            return b"row "

    async def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200, "body": Rows()}

    response = batch_adapter(handler)(batch("a"))["responses"][0]
    assert (response["body"], response["isBase64Encoded"]) == ("cm93IHJvdyA=", True)


def run_in_thread(work: Any) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
