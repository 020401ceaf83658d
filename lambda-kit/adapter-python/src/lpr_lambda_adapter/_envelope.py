"""The answer to a batch, within the size that Lambda takes."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from ._batch_event import WIRE_VERSION, Item
from ._failure import ItemFailure, client_answer

if TYPE_CHECKING:
    from ._report import Reporter

__all__ = ["WIRE_VERSION", "Response", "failed_response", "fit_envelope"]

Response = dict[str, Any]
"""One item's whole answer."""

MAX_RESPONSES_BYTES = 6 * 1024 * 1024 - 1024
"""Most bytes of responses in one envelope.

Lambda takes 6 MiB and fails the whole invocation beyond it, with every item in it; the margin is for the envelope
around the responses. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

_MAX_BYTES_PER_CHARACTER = 12
"""JSON may write a character as two escapes of six bytes."""


def failed_response(item_id: str, failure: ItemFailure) -> Response:
    """Return the answer to an item that failed."""
    status, text = client_answer(failure)
    headers = {"content-type": "text/plain"}
    return {"id": item_id, "statusCode": status, "headers": headers, "body": text, "isBase64Encoded": False}


def fit_envelope(responses: list[Response], items: list[Item], report: Reporter) -> list[Response]:
    """Return the responses, the largest of them replaced by failures if all together would be too large."""
    bodies = sum(len(response["body"]) for response in responses)
    # Measuring exactly means serialising twice, so most batches are let through by their lengths alone.
    if bodies * _MAX_BYTES_PER_CHARACTER < MAX_RESPONSES_BYTES / 2:
        return responses
    sizes = [_size_of(response) for response in responses]
    fitted = list(responses)
    for index in _overflowing(sizes):
        fitted[index] = _too_large(items[index], sizes[index], report)
    return fitted


def _overflowing(sizes: list[int]) -> list[int]:
    """Return the indexes of the responses that have no room once the smaller ones have theirs."""
    left = MAX_RESPONSES_BYTES
    dropped = []
    for index in sorted(range(len(sizes)), key=sizes.__getitem__):
        left -= sizes[index]
        if left < 0:
            dropped.append(index)
    return dropped


def _size_of(response: Response) -> int:
    """The size as the runtime will write it, with spaces after separators."""
    return len(json.dumps(response, ensure_ascii=_runtime_escapes()).encode()) + 2


def _runtime_escapes() -> bool:
    """Whether the runtime writes all but ASCII as escapes, as it does before Python 3.12 and in custom images."""
    runtime = re.fullmatch(r"AWS_Lambda_python3\.(\d+)", os.environ.get("AWS_EXECUTION_ENV", ""))
    return runtime is None or int(runtime[1]) < 12


def _too_large(item: Item, size: int, report: Reporter) -> Response:
    failure = ItemFailure(
        "response",
        ValueError(
            f"response of {size} bytes: all responses of a batch share {MAX_RESPONSES_BYTES} bytes; "
            "make maxBatchSize smaller"
        ),
    )
    report.failure(failure, item)
    return failed_response(item.id, failure)
