"""Plain handlers: called in threads, watched from the thread of the runtime."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from lpr_lambda_adapter import batch_adapter
from support import batch, bodies, id_of, item, lambda_context


def test_items_run_side_by_side() -> None:
    barrier = threading.Barrier(3)

    def handler(event: Any, context: Any) -> str:
        barrier.wait(10)
        return "met"

    assert bodies(batch_adapter(handler)(batch("a", "b", "c"))) == {"a": "met", "b": "met", "c": "met"}


def test_threads_are_used_again_so_that_what_they_keep_stays_of_use() -> None:
    threads: set[int] = set()

    def handler(event: Any, context: Any) -> str:
        threads.add(threading.get_ident())
        return "answered"

    adapted = batch_adapter(handler, concurrency=1)
    for _ in range(5):
        adapted(batch("a", "b", "c"))
    assert len(threads) == 1


def test_a_direct_event_is_handled_in_the_runtimes_own_thread() -> None:
    def handler(event: Any, context: Any) -> Any:
        return {"main": threading.current_thread() is threading.main_thread(), "id": context.aws_request_id}

    assert batch_adapter(handler)(item("a"), lambda_context()) == {"main": True, "id": "invocation-1"}


def test_a_direct_event_is_told_when_time_is_up() -> None:
    def handler(event: Any, context: Any) -> bool:
        return context.cancelled.wait(10)

    assert batch_adapter(handler)(item("a"), lambda_context(400)) is True


def test_context_variables_are_those_of_the_caller() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")

    def handler(event: Any, context: Any) -> str:
        before = variable.get()
        variable.set(id_of(event))
        return before

    token = variable.set("caller's")
    assert bodies(batch_adapter(handler)(batch("a", "b"))) == {"a": "caller's", "b": "caller's"}
    assert variable.get() == "caller's"
    variable.reset(token)


def test_what_comes_too_late_is_not_taken_for_an_answer_of_the_next_batch() -> None:
    release = threading.Event()
    late = threading.Event()

    def handler(event: Any, context: Any) -> str:
        if id_of(event) == "slow":
            release.wait(10)
            late.set()
        return id_of(event)

    adapted = batch_adapter(handler)
    assert bodies(adapted(batch("slow", "b"), lambda_context(400))) == {"slow": "timeout", "b": "b"}
    release.set()
    assert late.wait(10)
    assert bodies(adapted(batch("c"))) == {"c": "c"}


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), GeneratorExit()])
def test_not_even_what_is_no_exception_ends_a_thread(error: BaseException) -> None:
    def handler(event: Any, context: Any) -> str:
        if id_of(event) == "a":
            raise error
        return "answered"

    assert bodies(batch_adapter(handler)(batch("a", "b"))) == {"a": "internal error", "b": "answered"}


def test_a_coroutine_out_of_a_plain_function_is_an_error_that_says_so(caplog: pytest.LogCaptureFixture) -> None:
    async def coroutine() -> str:
        return "never"

    def handler(event: Any, context: Any) -> Any:
        return coroutine()

    assert bodies(batch_adapter(handler)(batch("a"))) == {"a": "internal error"}
    assert "async def" in caplog.text


def test_an_async_body_out_of_a_plain_function_is_an_error_that_says_so(caplog: pytest.LogCaptureFixture) -> None:
    class Rows:
        def __aiter__(self) -> Rows:
            raise AssertionError("not to be read")

    def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200, "body": Rows()}

    assert bodies(batch_adapter(handler)(batch("a"))) == {"a": "internal error"}
    assert "needs an async handler" in caplog.text


def test_a_body_is_closed_when_it_fails_and_when_its_head_is_bad() -> None:
    closed: list[str] = []

    class Rows:
        def __init__(self, name: str) -> None:
            self.name = name

        def __iter__(self) -> Iterator[Any]:
            yield "one"
            raise OSError("broken")

        def close(self) -> None:
            closed.append(self.name)
            raise OSError("twice")

    def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200 if id_of(event) == "body" else 1000, "body": Rows(id_of(event))}

    adapted = batch_adapter(handler, concurrency=1)
    assert bodies(adapted(batch("body", "head"))) == {"body": "internal error", "head": "internal error"}
    assert closed == ["body", "head"]


def test_a_body_without_end_is_not_read_on_when_its_time_is_up() -> None:
    stopped = threading.Event()

    def endless() -> Iterator[str]:
        try:
            while True:
                yield ""
        finally:
            stopped.set()

    def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200, "body": endless()}

    assert bodies(batch_adapter(handler)(batch("a"), lambda_context(400))) == {"a": "timeout"}
    assert stopped.wait(10)
