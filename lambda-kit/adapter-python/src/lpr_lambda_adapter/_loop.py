"""The event loop that async handlers run on."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections.abc import Coroutine
from typing import Any

_kept = threading.local()


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run the coroutine to its end on this thread's loop.

    The Lambda runtime calls handlers synchronously, invocation after invocation, on one thread. The loop stays open
    between them: clients and connections that a handler keeps are bound to it, and ``asyncio.run`` would close it under
    them.

    :raises RuntimeError: inside of a running loop, where nothing could be waited for.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _loop().run_until_complete(coroutine)
    coroutine.close()
    raise RuntimeError(
        "a batch handler is synchronous, as the Lambda runtime calls it; "
        "inside of an event loop call it with asyncio.to_thread"
    )


def _loop() -> asyncio.AbstractEventLoop:
    loop = getattr(_kept, "loop", None)
    if loop is None or loop.is_closed():
        loop = _kept.loop = _existing_loop() or asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    return loop


def _existing_loop() -> asyncio.AbstractEventLoop | None:
    """The thread's current loop: a handler's module may have made clients on it already."""
    with warnings.catch_warnings():
        # There may be none; then some versions make one and warn, and others raise.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            loop = asyncio.get_event_loop()
        except RuntimeError:
            return None
    return None if loop.is_closed() else loop
