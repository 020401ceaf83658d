"""Loads a function's handler as Lambda's Python runtimes do, errors included. The zero-code layer uses it too."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

Handler = Callable[[Any, Any], Any]


def load_handler(name: str) -> Handler:
    """Return the handler ``name``, for example ``src/app.handler``.

    :raises Exception: what the user's module raised, or one whose type has the name that Lambda gives the problem, for
        example ``Runtime.ImportModuleError``: the runtimes report errors by the names of their types.
    """
    module_name, dot, attribute = name.rpartition(".")
    if dot == "":
        # The runtime's own message has it from the unpacking of a list.
        raise fault("MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    module = _import(module_name)
    try:
        return getattr(module, attribute)
    except AttributeError:
        raise fault("HandlerNotFound", f"Handler '{attribute}' missing on module '{module_name}'") from None


def fault(name: str, message: str) -> Exception:
    """Return an error of the runtime itself."""
    return type(f"Runtime.{name}", (Exception,), {})(message)


def _import(name: str) -> Any:
    if name.split(".")[0] in sys.builtin_module_names:
        raise fault("BuiltInModuleConflict", f"Cannot use built-in module {name} as a handler module")
    try:
        return importlib.import_module(name.replace("/", "."))
    except ImportError as error:
        raise fault("ImportModuleError", f"Unable to import module '{name}': {error}") from None
    except SyntaxError as error:
        raise fault("UserCodeSyntaxError", f"Syntax error in module '{name}': {error}") from error
