"""Makes errors known: to the log, and to the user's ``on_error``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ._batch_event import Item
from ._failure import ItemFailure, Phase

logger = logging.getLogger("lpr_lambda_adapter")


@dataclass(frozen=True)
class ErrorInfo:
    """What an error is about."""

    request_id: str
    """The item's id; the invocation's own if the item has none."""
    item: Any
    phase: Phase


OnError = Callable[[BaseException, ErrorInfo], object]
"""Told of every error after it was logged. What it raises is logged too."""


class Reporter:
    """Logs errors with the id of the request, so that whoever looks for that finds the reason."""

    def __init__(self, on_error: OnError | None) -> None:
        self._on_error = on_error

    def failure(self, failure: ItemFailure, item: Item) -> None:
        """Report why an item failed."""
        info = ErrorInfo(item.id, item.event, failure.phase)
        _log("item failed", failure.error, info)
        if self._on_error is None:
            return
        try:
            self._on_error(failure.error, info)
        except Exception as error:
            _log("on_error failed", error, info)


def _log(message: str, error: BaseException, info: ErrorInfo) -> None:
    logger.error(
        "%s: request %s, phase %s",
        message,
        info.request_id,
        info.phase,
        exc_info=error,
        extra={"requestId": info.request_id, "phase": info.phase, "event": message.replace(" ", "_")},
    )
