"""How a handler learns that its time is up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable


class Cancellation:
    """Set shortly before an item's time runs out; a handler that looks at it can still answer.

    Plain functions ask :meth:`is_set` or block in :meth:`wait`; coroutines await :meth:`wait_async`.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], object]] = []

    def is_set(self) -> bool:
        """Whether the time is up."""
        return self._event.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the time is up, at most ``timeout`` seconds. Return whether it is."""
        return self._event.wait(timeout)

    async def wait_async(self) -> None:
        """Wait until the time is up without blocking the event loop."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()

        def wake() -> None:
            # The loop may be closed, or the waiter be gone, by the time somebody else's thread gets here.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(lambda: waiter.done() or waiter.set_result(None))

        self._add_callback(wake)
        try:
            await waiter
        finally:
            self._remove_callback(wake)

    def set(self) -> None:
        """Say that the time is up. For the adapter, and for tests of handlers."""
        with self._lock:
            self._event.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def _add_callback(self, callback: Callable[[], object]) -> None:
        with self._lock:
            if not self._event.is_set():
                self._callbacks.append(callback)
                return
        callback()

    def _remove_callback(self, callback: Callable[[], object]) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._callbacks.remove(callback)
