"""The script handler for Python: a Lambda handler that does what a script in its own event says.

Any adapter that wraps one of the two handlers here can be tested with the vectors of this folder, in this process or
over the Invoke API. README.md describes the language. The same steps are made twice, for plain functions and for
coroutines, as Python can only wait in one way or the other.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

SCRIPT_HEADER = "x-lpr-script"
RUN_HEADER = "x-lpr-run"

PAUSES = ("delayMs", "untilRunning", "untilFinished", "untilCancelled", "hang")


class Run:
    """What the handlers of one run know of each other, and what is left of it for whoever started it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.peak = 0
        self.handled: list[str] = []
        self.running = 0
        self.finished = 0
        self.changed = threading.Condition()
        self.futures: list[asyncio.Future[None]] = []

    def start(self, item_id: str) -> None:
        """Count a handler in."""
        with self.changed:
            self.handled.append(item_id)
            self.running += 1
            self.peak = max(self.peak, self.running)
            self._wake()

    def end(self) -> None:
        """Count a handler out."""
        with self.changed:
            self.running -= 1
            self.finished += 1
            self._wake()

    def is_at(self, step: dict[str, Any]) -> bool:
        """Whether a step need no longer wait. Peaks stay, so whoever comes late has not missed the moment."""
        return self.peak >= step.get("untilRunning", 0) and self.finished >= step.get("untilFinished", 0)

    def wait(self, step: dict[str, Any]) -> None:
        """Block until the step need no longer wait."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_at(step))

    async def wait_async(self, step: dict[str, Any]) -> None:
        """Wait for the same in a coroutine; all coroutines of a run are on one loop."""
        while not self.is_at(step):
            future = asyncio.get_running_loop().create_future()
            self.futures.append(future)
            await future

    def _wake(self) -> None:
        self.changed.notify_all()
        futures, self.futures = self.futures, []
        for future in futures:
            if not future.done():
                future.set_result(None)


_lock = threading.Lock()
_current = Run("")


def run_of(name: str) -> Run:
    """Return the run of that name; asking for another one forgets it."""
    global _current
    with _lock:
        if _current.name != name:
            _current = Run(name)
        return _current


def plain_handler(event: Any, context: Any) -> Any:
    """Do what the event's script says, as a plain function."""
    script, run = _read_event(event)
    run.start(str(context.aws_request_id))
    try:
        for step in script:
            ended, value = _end(step, _Scope(event, context, run, is_async=False))
            if ended:
                return value
            _pause(step, context, run)
        return None
    finally:
        run.end()


async def async_handler(event: Any, context: Any) -> Any:
    """Do what the event's script says, as a coroutine."""
    script, run = _read_event(event)
    run.start(str(context.aws_request_id))
    try:
        for step in script:
            ended, value = _end(step, _Scope(event, context, run, is_async=True))
            if ended:
                return value
            await _pause_async(step, context, run)
        return None
    finally:
        run.end()


class _Scope:
    def __init__(self, event: Any, context: Any, run: Run, is_async: bool) -> None:
        self.event = event
        self.context = context
        self.run = run
        self.is_async = is_async


class _Opaque:
    pass


class _Unprintable:
    def __str__(self) -> str:
        raise ValueError("this value cannot be printed")


def _read_event(event: Any) -> tuple[list[dict[str, Any]], Run]:
    headers = event.get("headers") or {}
    if SCRIPT_HEADER not in headers:
        raise ValueError(f"script: expected it in the header {SCRIPT_HEADER}")
    return json.loads(headers[SCRIPT_HEADER]), run_of(headers.get(RUN_HEADER, ""))


def _end(step: dict[str, Any], scope: _Scope) -> tuple[bool, Any]:
    """Return whether the script ends with the step, and with what."""
    if "throw" in step:
        raise RuntimeError(step["throw"])
    return "return" in step, _evaluate(step.get("return"), scope)


def _pause(step: dict[str, Any], context: Any, run: Run) -> None:
    if "delayMs" in step:
        time.sleep(step["delayMs"] / 1000)
    elif "untilRunning" in step or "untilFinished" in step:
        run.wait(step)
    elif "untilCancelled" in step:
        context.cancelled.wait()
    elif "hang" in step:
        threading.Event().wait()
    else:
        raise ValueError(f"script: unknown step {step}")


async def _pause_async(step: dict[str, Any], context: Any, run: Run) -> None:
    if "delayMs" in step:
        await asyncio.sleep(step["delayMs"] / 1000)
    elif "untilRunning" in step or "untilFinished" in step:
        await run.wait_async(step)
    elif "untilCancelled" in step:
        await context.cancelled.wait_async()
    elif "hang" in step:
        await asyncio.Event().wait()
    else:
        raise ValueError(f"script: unknown step {step}")


def _evaluate(value: Any, scope: _Scope) -> Any:
    """Make the value that a script describes: JSON as it is, but for objects whose one key begins with `$`."""
    if isinstance(value, list):
        return [_evaluate(one, scope) for one in value]
    if not isinstance(value, dict):
        return value
    operator = next(iter(value), "")
    if operator.startswith("$"):
        return _operate(operator, value, scope)
    return {key: _evaluate(one, scope) for key, one in value.items()}


def _operate(operator: str, value: dict[str, Any], scope: _Scope) -> Any:
    operand = value[operator]
    operations = {
        "$nothing": lambda: None,
        "$number": lambda: float(operand),
        "$opaque": _Opaque,
        "$unprintable": _Unprintable,
        "$base64": lambda: base64.b64decode(operand),
        "$utf16": lambda: "".join(chr(int(unit, 16)) for unit in operand.split(" ")),
        "$repeat": lambda: operand[0] * operand[1],
        "$event": lambda: _member(scope.event, operand.split(".")),
        "$context": lambda: _of_context(operand, scope.context),
        "$remainingWithin": lambda: operand[0] <= scope.context.get_remaining_time_in_millis() <= operand[1],
        "$stream": lambda: _stream(operand, value.get("as", "async"), scope),
    }
    return operations[operator]()


def _member(value: Any, names: list[str]) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _of_context(name: str, context: Any) -> Any:
    names = {"requestId": "aws_request_id", "functionName": "function_name"}
    return context.cancelled.is_set() if name == "cancelled" else getattr(context, names[name])


def _stream(parts: list[Any], kind: str, scope: _Scope) -> Any:
    if kind not in ("async", "sync"):
        raise ValueError(f"script: unknown kind of stream {kind}")
    return _async_stream(parts, scope) if scope.is_async and kind == "async" else _sync_stream(parts, scope)


def _sync_stream(parts: list[Any], scope: _Scope) -> Iterator[Any]:
    for part in parts:
        step = _step_of(part)
        if step is None:
            yield _piece(part, scope)
        else:
            _pause(step, scope.context, scope.run)


async def _async_stream(parts: list[Any], scope: _Scope) -> AsyncIterator[Any]:
    for part in parts:
        step = _step_of(part)
        if step is None:
            yield _piece(part, scope)
        else:
            await _pause_async(step, scope.context, scope.run)


def _piece(part: Any, scope: _Scope) -> Any:
    if isinstance(part, dict) and "$throw" in part:
        raise RuntimeError(part["$throw"])
    return _evaluate(part, scope)


def _step_of(part: Any) -> dict[str, Any] | None:
    """Return the step that a part of a stream stands for, if it is not a piece of it."""
    name = next(iter(part), "") if isinstance(part, dict) else ""
    return {name[1:]: part[name]} if name[1:] in PAUSES else None
