"""An ordinary handler of one request: no adapter, no batches, not a word of the router. The layer sees to all that."""

from __future__ import annotations

import time
from typing import Any

from greeting import greeting, max_delay_ms, random_delay_ms


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Wait as long as ``max-delay`` and chance will have it, then greet. Items of a batch run in threads."""
    longest = max_delay_ms(event)
    delay = random_delay_ms(longest)
    time.sleep(delay / 1000)
    return greeting(event, longest, delay)
