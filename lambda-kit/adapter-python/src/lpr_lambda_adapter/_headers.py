"""The header maps and cookies of a returned mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._text import well_formed


def read_headers(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``headers``, and ``multiValueHeaders`` and ``cookies`` where there is something to say.

    Names that differ only by case are one name, where both maps have it ``multiValueHeaders`` wins as in API Gateway,
    and ``set-cookie`` moves to ``cookies``. Raises what a value's own ``__str__`` raises.
    """
    # Keyed by the name in lower case; values are the name as given and the texts of all its values.
    entries = {**_entries_of(value.get("headers")), **_entries_of(value.get("multiValueHeaders"))}
    _, set_cookies = entries.pop("set-cookie", ("", []))
    cookies = _read_cookies(value.get("cookies")) + set_cookies
    return {**_to_maps(list(entries.values())), **({"cookies": cookies} if cookies else {})}


def _entries_of(given: Any) -> dict[str, tuple[str, list[str]]]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise TypeError(f"headers: expected a mapping of values, got {type(given).__name__}")
    entries: dict[str, tuple[str, list[str]]] = {}
    for name, value in given.items():
        values = _texts(value)
        if values:
            entries.setdefault(str(name).lower(), (well_formed(str(name)), []))[1].extend(values)
    return entries


def _to_maps(entries: list[tuple[str, list[str]]]) -> dict[str, Any]:
    """A router that knows no ``multiValueHeaders`` still gets every value, joined as HTTP allows for lists."""
    headers = {name: ", ".join(values) for name, values in entries}
    several = {name: values for name, values in entries if len(values) > 1}
    return {"headers": headers, **({"multiValueHeaders": several} if several else {})}


def _read_cookies(value: Any) -> list[str]:
    return [cookie for cookie in (text.strip() for text in _texts(value)) if cookie]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return [_text(one) for one in values if one is not None]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # str() of bytes would be Python source. Header bytes mean latin-1, as HTTP has it.
    return value.decode("latin-1") if isinstance(value, bytes) else well_formed(str(value))
