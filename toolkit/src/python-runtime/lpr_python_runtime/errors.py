"""Errors as Lambda reports them."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lpr_python_runtime.runtime_api import Report

_HERE = os.path.dirname(os.path.abspath(__file__))


def error_report(error: BaseException, request_id: str = "") -> Report:
    """Describe what was raised. Errors of the runtime itself have no trace; others have none of the runtime's lines."""
    error_type = type(error).__name__
    trace = _syntax_trace(error) if error_type.startswith("Runtime.") else _user_trace(error)
    return {"errorMessage": str(error), "errorType": error_type, "requestId": request_id, "stackTrace": trace}


def _user_trace(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    first = next((at for at, frame in enumerate(frames) if not frame.filename.startswith(_HERE)), 0)
    # Without columns, as Lambda has them: newer versions of Python would underline what failed.
    return traceback.format_list([(frame.filename, frame.lineno, frame.name, frame.line) for frame in frames[first:]])


def _syntax_trace(error: BaseException) -> list[str]:
    cause = error.__cause__
    if not isinstance(cause, SyntaxError):
        return []
    return [f'  File "{cause.filename}" Line {cause.lineno}\n    {cause.text}']
