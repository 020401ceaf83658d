"""The echo function for Python as anybody would write it, see ``EchoAnswer``: for the layer."""

from __future__ import annotations

import asyncio
import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Echo; the items of a batch come in threads."""
    item_id = event["pathParameters"]["id"]
    answer = {
        "id": item_id,
        "secret": event["headers"]["x-secret"],
        "body": event["body"],
        "requestId": context.aws_request_id,
    }
    return {"statusCode": 200, "headers": {"x-echo-id": item_id}, "body": json.dumps(answer, ensure_ascii=False)}


async def async_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Echo; the items of a batch come as tasks."""
    await asyncio.sleep(0)
    return handler(event, context)
