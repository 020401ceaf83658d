"""Makes a handler of batches of the user's handler."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

# A copy inside of this package, which the build makes: a function may bring another release of the adapter.
from lpr_layer.lpr_lambda_adapter import batch_adapter
from lpr_layer.lpr_lambda_adapter._batch_event import is_batch_event


def adapt(handler: Callable[..., Any], concurrency: int | None) -> Callable[[Any, Any], Any]:
    """Return the handler for the runtime: a batch is taken apart, any other event goes to the user's handler.

    A plain handler gets it with everything that the runtime passed. An ``async def`` handler is run to its end, which
    the runtime itself does not do.
    """
    adapted = batch_adapter(handler, concurrency=concurrency)
    is_async = inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(handler.__call__)

    def serve(event: Any, context: Any) -> Any:
        return adapted(event, context) if is_async or is_batch_event(event) else handler(event, context)

    return serve
