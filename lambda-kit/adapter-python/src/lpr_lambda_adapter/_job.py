"""What the items of one batch share, and how one item's value becomes its response."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ._batch_event import Item
from ._body import encode_chunk
from ._context import Bounds
from ._envelope import Response, failed_response
from ._failure import ItemFailure
from ._report import Reporter


@dataclass(frozen=True)
class Job:
    """One batch: its handler, what bounds its time, and who hears of errors."""

    handler: Callable[[Any, Any], Any]
    bounds: Bounds
    report: Reporter
    limit: int

    def fail(self, item: Item, failure: ItemFailure) -> Response:
        """Report the failure and return the answer the client gets instead."""
        self.report.failure(failure, item)
        return failed_response(item.id, failure)


def whole_response(item_id: str, head: dict[str, Any], body: str | bytes) -> Response:
    """Return the response as the envelope carries it."""
    return {"id": item_id, **head, **encode_chunk(body)}
