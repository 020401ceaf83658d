"""Leaves nothing open when the tests end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from lpr_lambda_adapter import batch_adapter


@pytest.fixture(scope="session", autouse=True)
def _loop_closed() -> Iterator[None]:
    """Closes the adapter's loop, which it keeps open as long as the process lives."""
    yield

    async def handler(event: object, context: object) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    batch_adapter(handler)({}, None).close()
