"""The adapter itself: from an event of the Lambda runtime to its answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from . import _async_batch, _thread_batch
from ._batch_event import check_version, is_batch_event, read_items
from ._context import Bounds
from ._envelope import WIRE_VERSION, fit_envelope
from ._job import Job
from ._report import OnError, Reporter

Handler = Callable[[Any, Any], Any]


def batch_adapter(
    handler: Handler, *, concurrency: int | None = None, on_error: OnError | None = None
) -> Callable[..., Any]:
    """Make a batch handler of a handler of one request, for routes with ``invokeMode: buffered``.

    An ``async def`` handler has its items run side by side on one event loop, which lives as long as the process. Any
    other handler is called in threads. An item that fails is logged, told to ``on_error`` and answered with status
    500; the others are not affected. Events that are no batch go to the handler itself, and its value comes back
    unchanged.

    :param handler: takes ``(event, context)``, as for API Gateway; ``context`` is an :class:`ItemContext`.
    :param concurrency: how many items are handled at once. Default: all items of the batch.
    :param on_error: called with every error and an :class:`ErrorInfo`, after it was logged.
    :raises TypeError: at once, naming every mistake in the arguments.
    """
    _check_arguments(handler, concurrency, on_error)
    mode = _async_batch if _is_async(handler) else _thread_batch
    report = Reporter(on_error)

    def adapted(event: Any, context: Any = None) -> Any:
        if not is_batch_event(event):
            return mode.answer_directly(handler, event, context)
        check_version(event["v"])
        items = read_items(event, report, getattr(context, "aws_request_id", ""))
        job = Job(handler, Bounds.of(context, event.get("meta")), report, concurrency or max(len(items), 1))
        responses = mode.answer_items(job, items)
        return {"v": WIRE_VERSION, "responses": fit_envelope(responses, items, report)}

    return adapted


def _is_async(handler: Handler) -> bool:
    candidates = (handler, handler.__call__)
    return any(inspect.iscoroutinefunction(one) or inspect.isasyncgenfunction(one) for one in candidates)


def _check_arguments(handler: object, concurrency: object, on_error: object) -> None:
    mistakes = []
    if not callable(handler):
        mistakes.append(f"handler: expected a function, got {handler!r}")
    if concurrency is not None and not _is_count(concurrency):
        mistakes.append(f"concurrency: expected a whole number from 1, or None, got {concurrency!r}")
    if on_error is not None and (not callable(on_error) or inspect.iscoroutinefunction(on_error)):
        mistakes.append(f"on_error: expected a function that is not async, got {on_error!r}")
    if mistakes:
        raise TypeError("batch_adapter: " + "; ".join(mistakes))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
