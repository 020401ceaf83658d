"""A handler of one request, made a handler of batches by the adapter: the items run side by side on one event loop."""

from __future__ import annotations

import asyncio
from typing import Any

from greeting import greeting, max_delay_ms, random_delay_ms
from lpr_lambda_adapter import batch_adapter


@batch_adapter
async def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Wait as long as ``max-delay`` and chance will have it, then greet."""
    longest = max_delay_ms(event)
    delay = random_delay_ms(longest)
    await asyncio.sleep(delay / 1000)
    return greeting(event, longest, delay)
