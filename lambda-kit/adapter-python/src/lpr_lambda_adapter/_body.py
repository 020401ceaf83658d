"""Bodies: whatever a handler may return as one, made into text or bytes."""

from __future__ import annotations

import base64
import binascii
import inspect
from collections.abc import AsyncIterable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ._failure import DeadlineError
from ._text import to_text, well_formed

Chunk = str | bytes


@dataclass(frozen=True)
class Pieces:
    """A body that comes piece by piece. Must be read to its end or closed."""

    source: Any
    base64: bool


Body = str | bytes | Pieces


def open_body(value: Any, is_base64: bool) -> Body:
    """Understand whatever a handler may return as a body. Raises if it is nothing that can be sent."""
    if value is None:
        return ""
    if not isinstance(value, (str, Mapping)) and not _is_bytes(value) and _yields(value):
        return Pieces(value, is_base64)
    return _to_chunk(value, is_base64)


def is_raw_body(value: Any) -> bool:
    """Whether a value can only be meant as a body: bytes or a stream, which JSON cannot say."""
    return _is_bytes(value) or isinstance(value, (AsyncIterable, Iterator))


def collect_sync(body: Body, stopped: Callable[[], bool]) -> Chunk:
    """Return the whole body: text if all of it is text. A source is closed however this ends."""
    if not isinstance(body, Pieces):
        return body
    if isinstance(body.source, AsyncIterable):
        raise TypeError("body: an async iterable needs an async handler")
    chunks = []
    try:
        for piece in body.source:
            if stopped():
                # Not the end of the body: what is here of it must not be taken for the whole.
                raise DeadlineError
            chunks += _chunks_of(piece, body.base64)
    finally:
        close_body(body)
    return _join(chunks)


async def collect_async(body: Body) -> Chunk:
    """As collect_sync, for a body that may be an async iterable."""
    if not isinstance(body, Pieces) or not isinstance(body.source, AsyncIterable):
        return collect_sync(body, lambda: False)
    chunks = []
    pieces = aiter(body.source)
    try:
        async for piece in pieces:
            chunks += _chunks_of(piece, body.base64)
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
    return _join(chunks)


def close_body(body: Body) -> None:
    """Free what a body holds. Its own errors no longer matter to anybody."""
    close = getattr(body.source, "close", None) if isinstance(body, Pieces) else None
    if close is not None and not inspect.iscoroutinefunction(close):
        with suppress(Exception):
            close()


def encode_chunk(chunk: Chunk) -> dict[str, Any]:
    """Return ``body`` and ``isBase64Encoded``."""
    if isinstance(chunk, str):
        return {"body": well_formed(chunk), "isBase64Encoded": False}
    return {"body": base64.b64encode(chunk).decode("ascii"), "isBase64Encoded": True}


def _join(chunks: list[Chunk]) -> Chunk:
    """Texts are joined before they are encoded: a surrogate pair may be cut in two."""
    texts = [chunk for chunk in chunks if isinstance(chunk, str)]
    return "".join(texts) if len(texts) == len(chunks) else b"".join(_runs(chunks))


def _runs(chunks: list[Chunk]) -> Iterator[bytes]:
    text = ""
    for chunk in chunks:
        if isinstance(chunk, str):
            text += chunk
        else:
            yield well_formed(text).encode()
            yield chunk
            text = ""
    yield well_formed(text).encode()


def _chunks_of(piece: Any, is_base64: bool) -> list[Chunk]:
    return [] if piece is None else [_to_chunk(piece, is_base64)]


def _to_chunk(value: Any, is_base64: bool) -> Chunk:
    if _is_bytes(value):
        return bytes(value)
    return _decode_base64(value) if is_base64 and isinstance(value, str) else to_text(value)


def _decode_base64(text: str) -> bytes:
    """Raise for text that is not base64: reading it leniently would send garbage."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise TypeError("isBase64Encoded is set, but the body is not base64") from error


def _is_bytes(value: Any) -> bool:
    return isinstance(value, (bytes, bytearray, memoryview))


def _yields(value: Any) -> bool:
    return isinstance(value, (Iterable, AsyncIterable))
