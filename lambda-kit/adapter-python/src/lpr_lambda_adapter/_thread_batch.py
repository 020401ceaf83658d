"""Batches of a plain handler: every item is called in a thread of its own."""

from __future__ import annotations

import contextvars
import inspect
import threading
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any

from ._batch_event import Item
from ._body import collect_sync
from ._context import Bounds, ItemScope, seconds_until
from ._envelope import Response
from ._failure import DeadlineError, ItemFailure, in_phase
from ._job import Job, whole_response
from ._response import read_response
from ._workers import Workers

_workers = Workers()


def answer_items(job: Job, items: list[Item]) -> list[Response]:
    """Have the handler answer every item. Returns the responses in the items' order."""
    return _Batch(job, items).answer()


def answer_directly(handler: Any, event: Any, lambda_context: Any) -> Any:
    """Have the handler answer an ordinary event. Its value and its errors come back unchanged."""
    scope = ItemScope(None, Bounds.of(lambda_context))
    delay = seconds_until(scope.cancel_at)
    timer = threading.Timer(delay or 0, scope.cancelled.set)
    timer.daemon = True
    if delay is not None:
        timer.start()
    try:
        return handler(event, scope.context)
    finally:
        timer.cancel()


class _Batch:
    """Keeps as many items at work as it may, and watches their times, all from the calling thread."""

    def __init__(self, job: Job, items: list[Item]) -> None:
        self._job = job
        self._items = items
        self._responses: dict[int, Response] = {}
        self._active: dict[int, ItemScope] = {}
        self._done: SimpleQueue[tuple[int, Response | ItemFailure]] = SimpleQueue()

    def answer(self) -> list[Response]:
        waiting = iter(range(len(self._items)))
        while len(self._responses) < len(self._items):
            self._start(waiting)
            self._await_one()
            self._watch_times()
        return [self._responses[index] for index in range(len(self._items))]

    def _start(self, waiting: Iterator[int]) -> None:
        while len(self._active) < self._job.limit and (index := next(waiting, None)) is not None:
            item = self._items[index]
            scope = self._active[index] = ItemScope(item.id, self._job.bounds)
            context = contextvars.copy_context()
            _workers.submit(
                lambda context=context, item=item, scope=scope: context.run(_work, self._job, item, scope),
                lambda result, index=index: self._done.put((index, result)),
            )

    def _await_one(self) -> None:
        """Wait for a result, or until it is time to tell an item to stop or to give it up."""
        moments = [moment for scope in self._active.values() for moment in _moments(scope)]
        try:
            index, result = self._done.get(timeout=seconds_until(min(moments, default=None)))
        except Empty:
            return
        self._settle(index, result)

    def _watch_times(self) -> None:
        now = time.monotonic()
        for index, scope in list(self._active.items()):
            if scope.cancel_at is not None and scope.cancel_at <= now:
                scope.cancelled.set()
            if scope.give_up_at is not None and scope.give_up_at <= now:
                self._settle(index, ItemFailure("deadline", DeadlineError()))

    def _settle(self, index: int, result: Response | ItemFailure) -> None:
        # An item that was given up may still come to its end, in a later turn of this batch or never.
        if self._active.pop(index, None) is None:
            return
        if isinstance(result, ItemFailure):
            result = self._job.fail(self._items[index], result)
        self._responses[index] = result


def _moments(scope: ItemScope) -> Iterator[float]:
    """The times at which something is due for the item."""
    if scope.cancel_at is not None and not scope.cancelled.is_set():
        yield scope.cancel_at
    if scope.give_up_at is not None:
        yield scope.give_up_at


def _work(job: Job, item: Item, scope: ItemScope) -> Response | ItemFailure:
    """Runs in a worker. Whatever happens is an answer too."""
    try:
        with in_phase("handler"):
            value = _checked(job.handler(item.event, scope.context))
        with in_phase("response"):
            head, body = read_response(value)
        with in_phase("body"):
            return whole_response(item.id, head, collect_sync(body, lambda: _is_over(scope)))
    except ItemFailure as failure:
        return failure
    except BaseException as error:
        # Nobody else would answer for the item if this thread ended here.
        return ItemFailure("handler", error)


def _checked(value: Any) -> Any:
    """A coroutine cannot be awaited here, and left alone it would just not run."""
    if not inspect.iscoroutine(value):
        return value
    value.close()
    raise TypeError("expected a handler that is declared `async def`, got a function that returns a coroutine")


def _is_over(scope: ItemScope) -> bool:
    return scope.give_up_at is not None and scope.give_up_at <= time.monotonic()
