"""A function that executes vectors; `async_function` and `plain_function` are its handlers when deployed."""

from __future__ import annotations

import time
from typing import Any

from lpr_lambda_adapter import OnError, batch_adapter
from script_handler import async_handler, plain_handler


def answer(script_handler: Any, event: Any, context: Any, on_error: OnError | None = None) -> Any:
    """The adapter is made anew for every event, as each vector has options of its own."""
    meta = event.get("meta") if isinstance(event, dict) else None
    setup = (meta or {}).get("vector", {})
    options = setup.get("options", {})
    adapted = batch_adapter(script_handler, concurrency=options.get("concurrency"), on_error=on_error)
    return adapted(event, _Context(context, setup.get("remainingMs")))


def async_function(event: Any, context: Any) -> Any:
    return answer(async_handler, event, context)


def plain_function(event: Any, context: Any) -> Any:
    return answer(plain_handler, event, context)


class _Context:
    """The context as it would be if the function had the name and the timeout that the vector asks for."""

    function_name = "vectors"

    def __init__(self, context: Any, remaining_ms: int | None) -> None:
        self._context = context
        remaining_ms = context.get_remaining_time_in_millis() if remaining_ms is None else remaining_ms
        self._end = time.monotonic() + remaining_ms / 1000

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - time.monotonic()) * 1000))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)
