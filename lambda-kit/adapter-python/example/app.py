"""A function behind the router: one request in, one response out; the adapter makes batches of it."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from lpr_lambda_adapter import ErrorInfo, ItemContext, batch_adapter

# Kept between invocations, like a client of a database would be: the adapter keeps the event loop open as well.
orders = {"1": {"item": "tea", "amount": 2}, "2": {"item": "coffee", "amount": 1}}


async def find_order(order_id: str) -> dict[str, Any] | None:
    """Stand in for a query that takes its time, during which the other requests of the batch go on."""
    await asyncio.sleep(0.02)
    return orders.get(order_id)


async def get_order(event: dict[str, Any], context: ItemContext) -> dict[str, Any]:
    """Answer ``GET /orders/{id}``, the same way behind the router and behind API Gateway."""
    order = await find_order(event["pathParameters"]["id"])
    if order is None:
        return response(404, {"message": "no such order", "requestId": context.aws_request_id})
    return response(200, order)


def response(status: int, value: Any) -> dict[str, Any]:
    """Return a response of payload format 2.0 with a JSON body."""
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(value)}


def count_error(error: BaseException, info: ErrorInfo) -> None:
    """Count errors with the embedded metric format; the adapter has logged this one already."""
    metric = {"Namespace": "orders", "Dimensions": [["phase"]], "Metrics": [{"Name": "errors", "Unit": "Count"}]}
    properties = {"phase": info.phase, "error": type(error).__name__, "errors": 1}
    print(json.dumps({"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metric]}, **properties}))


handler = batch_adapter(get_order, on_error=count_error)
