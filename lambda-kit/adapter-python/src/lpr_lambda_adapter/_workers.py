"""Threads that outlive the batch they were made for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

Task = tuple[Callable[[], Any], Callable[[Any], object]]


class Workers:
    """As many threads as were ever busy at once, used again, as handlers keep connections in them.

    They are daemons: one whose handler never returns must not keep the process from ending, which the threads of
    ``concurrent.futures`` do.
    """

    def __init__(self) -> None:
        self._idle: list[SimpleQueue[Task]] = []

    def submit(self, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Run ``work`` in a thread, then hand its value to ``done`` there. ``work`` must not raise."""
        try:
            inbox = self._idle.pop()
        except IndexError:
            inbox = SimpleQueue()
            threading.Thread(target=self._serve, args=(inbox,), name="lpr-item", daemon=True).start()
        inbox.put((work, done))

    def _serve(self, inbox: SimpleQueue[Task]) -> None:
        while True:
            work, done = inbox.get()
            result = work()
            # Before the result is known, so that whoever waits for it finds this thread free.
            self._idle.append(inbox)
            done(result)
            # Held until the next task otherwise, with the request and the response in them.
            del work, done, result
