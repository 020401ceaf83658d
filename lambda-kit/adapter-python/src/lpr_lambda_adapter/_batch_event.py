"""Batch events: telling them from others, and reading their items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._failure import ItemFailure

if TYPE_CHECKING:
    from ._report import Reporter

WIRE_VERSION = 1


@dataclass(frozen=True)
class Item:
    """One request of a batch, with the id its answer must carry."""

    id: str
    event: Any


def is_batch_event(event: Any) -> bool:
    """Whether the event is a batch from the router; anything else is an ordinary event."""
    return isinstance(event, Mapping) and "v" in event and isinstance(event.get("batch"), list)


def check_version(version: Any) -> None:
    """Raise ValueError if the batch is of a version that this adapter does not speak."""
    if version == WIRE_VERSION and not isinstance(version, bool):
        return
    raise ValueError(
        f"batch event: expected version {WIRE_VERSION}, got {json.dumps(version)}; "
        "update lpr-lambda-adapter to a release that speaks it"
    )


def read_items(event: Mapping[str, Any], report: Reporter, invocation_id: str) -> list[Item]:
    """Return the items that can be answered, in order.

    One without an id, or with the id of an earlier one, can not: it is reported and left out, and the others go on.
    """
    items: dict[str, Item] = {}
    for index, entry in enumerate(event["batch"]):
        item = Item(_id_of(entry), entry)
        problem = _problem_with(item.id, items)
        if problem is None:
            items[item.id] = item
        else:
            failure = ItemFailure("item", ValueError(f"batch[{index}]: {problem}"))
            report.failure(failure, Item(item.id or invocation_id, entry))
    return list(items.values())


def _problem_with(item_id: str, earlier: Mapping[str, Item]) -> str | None:
    if item_id == "":
        return "expected an id in requestContext.requestId, got none"
    if item_id in earlier:
        return f"expected an id of its own, got {item_id}, which an earlier item has"
    return None


def _id_of(entry: Any) -> str:
    """Return ``requestContext.requestId``, else ``id``, else the empty string."""
    found = _get(_get(entry, "requestContext"), "requestId")
    found = _get(entry, "id") if found is None else found
    usable = isinstance(found, (str, int)) and not isinstance(found, bool)
    return str(found) if usable else ""


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None
