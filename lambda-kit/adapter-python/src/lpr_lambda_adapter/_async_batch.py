"""Batches of an async handler: every item is a task on one event loop."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from ._batch_event import Item
from ._body import collect_async
from ._context import Bounds, ItemScope, seconds_until
from ._envelope import Response
from ._failure import DeadlineError, ItemFailure, in_phase
from ._job import Job, whole_response
from ._loop import run
from ._response import read_response

_CLEANUP_SECONDS = 0.025
"""How long a cancelled item may take to clean up before the others' answers matter more."""


def answer_items(job: Job, items: list[Item]) -> list[Response]:
    """Have the handler answer every item. Returns the responses in the items' order."""
    return run(_answer_items(job, items)) if items else []


def answer_directly(handler: Any, event: Any, lambda_context: Any) -> Any:
    """Have the handler answer an ordinary event. Its value and its errors come back unchanged."""
    return run(_answer_directly(handler, event, lambda_context))


async def _answer_directly(handler: Any, event: Any, lambda_context: Any) -> Any:
    scope = ItemScope(None, Bounds.of(lambda_context))
    timer = _cancel_later(scope)
    try:
        value = handler(event, scope.context)
        return await value if inspect.isawaitable(value) else value
    finally:
        timer.cancel()


async def _answer_items(job: Job, items: list[Item]) -> list[Response]:
    responses: dict[int, Response] = {}
    queue = iter(enumerate(items))

    async def worker() -> None:
        for index, item in queue:
            responses[index] = await _answer_item(job, item)

    await asyncio.gather(*(worker() for _ in range(min(job.limit, len(items)))))
    return [responses[index] for index in range(len(items))]


async def _answer_item(job: Job, item: Item) -> Response:
    scope = ItemScope(item.id, job.bounds)
    timer = _cancel_later(scope)
    task = asyncio.ensure_future(_work(job, item, scope))
    try:
        await asyncio.wait({task}, timeout=seconds_until(scope.give_up_at))
        if task.done():
            return task.result()
        await _abandon(task)
        raise ItemFailure("deadline", DeadlineError())
    except ItemFailure as failure:
        return job.fail(item, failure)
    except asyncio.CancelledError as error:
        # The handler let a cancellation of its own out; nobody cancels this task but the few lines above.
        return job.fail(item, ItemFailure("handler", error))
    finally:
        timer.cancel()


async def _work(job: Job, item: Item, scope: ItemScope) -> Response:
    with in_phase("handler"):
        value = job.handler(item.event, scope.context)
        if inspect.isawaitable(value):
            value = await value
    with in_phase("response"):
        head, body = read_response(value)
    with in_phase("body"):
        return whole_response(item.id, head, await collect_async(body))


async def _abandon(task: asyncio.Future[Any]) -> None:
    """Cancel the task. One that does not care goes on, and nobody listens."""
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    task.cancel()
    await asyncio.wait({task}, timeout=_CLEANUP_SECONDS)


def _cancel_later(scope: ItemScope) -> asyncio.Handle:
    loop = asyncio.get_running_loop()
    delay = seconds_until(scope.cancel_at)
    # Without a bound there is nothing to cancel; the empty call keeps the callers free of the question.
    return loop.call_soon(lambda: None) if delay is None else loop.call_later(delay, scope.cancelled.set)
