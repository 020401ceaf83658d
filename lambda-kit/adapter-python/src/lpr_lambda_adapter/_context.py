"""The context of one item, and the times at which it is told to stop and given up."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ._cancellation import Cancellation

_MAX_MARGIN_MS = 200
"""How long before its end an item is told to stop; half of it before the invocation's end it is given up."""


@dataclass(frozen=True)
class Bounds:
    """What bounds the items of a batch."""

    lambda_context: Any
    deadline_ms: float | None = None
    """Unix time in ms by which the clients give up waiting, if the router said."""

    @classmethod
    def of(cls, lambda_context: Any, meta: Any = None) -> Bounds:
        """Read them from what the runtime passed and from the batch's ``meta``."""
        deadline = meta.get("deadlineMs") if isinstance(meta, Mapping) else None
        usable = isinstance(deadline, (int, float)) and not isinstance(deadline, bool)
        return cls(lambda_context, deadline if usable else None)

    def invocation_left_ms(self) -> float | None:
        """Return what the invocation has left; None if its context does not say."""
        remaining = getattr(self.lambda_context, "get_remaining_time_in_millis", None)
        return None if remaining is None else remaining()

    def clients_left_ms(self) -> float | None:
        """Return what the clients will still wait; None if the router did not say."""
        return None if self.deadline_ms is None else self.deadline_ms - time.time() * 1000


class ItemContext:
    """The Lambda context, with the request id, the remaining time and the cancellation of one item."""

    def __init__(self, item_id: str | None, bounds: Bounds, cancelled: Cancellation) -> None:
        self._bounds = bounds
        self.cancelled = cancelled
        """Set shortly before the time runs out."""
        if item_id is not None:
            self.aws_request_id = item_id

    def get_remaining_time_in_millis(self) -> int:
        """Time in ms until the invocation or the clients of the batch give up, whichever is first."""
        known = [self._bounds.invocation_left_ms(), self._bounds.clients_left_ms()]
        # Without any bound there is no number to tell; the longest time an invocation can take is none either way.
        return max(0, int(min((left for left in known if left is not None), default=900_000)))

    def __getattr__(self, name: str) -> Any:
        # Only called for what is not set here: everything else is the Lambda context's own.
        if name == "_bounds":
            raise AttributeError(name)
        return getattr(self._bounds.lambda_context, name)


class ItemScope:
    """One item's context, and the adapter's own view of when to stop, in seconds of ``time.monotonic``."""

    def __init__(self, item_id: str | None, bounds: Bounds) -> None:
        self.cancelled = Cancellation()
        self.context = ItemContext(item_id, bounds, self.cancelled)
        now = time.monotonic()
        invocation = bounds.invocation_left_ms()
        # A made-up context in a test of the handler may say 0; a real one never starts that way.
        if invocation is not None and invocation <= 0:
            invocation = None
        ends = [left for left in (invocation, bounds.clients_left_ms()) if left is not None]
        self.cancel_at = min((now + (left - _margin(left)) / 1000 for left in ends), default=None)
        """When the handler is told to stop."""
        self.give_up_at = None if invocation is None else now + (invocation - _margin(invocation) / 2) / 1000
        """When the adapter no longer waits for it."""


def seconds_until(moment: float | None) -> float | None:
    """Return how long it is until the moment, 0 if it is past; None stays None."""
    return None if moment is None else max(0.0, moment - time.monotonic())


def _margin(left_ms: float) -> float:
    """A tenth of a short time, so that most of it is left for the work."""
    return min(_MAX_MARGIN_MS, left_ms / 10)
