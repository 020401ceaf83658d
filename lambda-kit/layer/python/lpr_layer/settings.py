"""The variables of the layer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What the function's configuration says."""

    handler: str
    """The user's handler, as the function's configuration names it."""
    concurrency: int | None
    """How many items are handled at once; None for all of them."""


def read_settings(env: Mapping[str, str]) -> Settings:
    """Read the variables.

    :raises ValueError: naming every mistake.
    """
    mistakes = []
    handler = env.get("LPR_HANDLER", "")
    if not handler:
        mistakes.append("LPR_HANDLER: expected a value, which the exec wrapper sets, got none")
    mode = env.get("LPR_INVOKE_MODE", "")
    if mode not in ("", "buffered"):
        mistakes.append(
            f"LPR_INVOKE_MODE: expected buffered, as the Python runtimes do not stream, got {mode!r}; "
            "routes with invokeMode response_stream understand buffered answers"
        )
    concurrency = env.get("LPR_MAX_CONCURRENCY", "")
    if concurrency and re.fullmatch(r"[1-9][0-9]{0,8}", concurrency) is None:
        mistakes.append(f"LPR_MAX_CONCURRENCY: expected a whole number from 1, got {concurrency!r}")
    if mistakes:
        raise ValueError("; ".join(mistakes))
    return Settings(handler, int(concurrency) if concurrency else None)
