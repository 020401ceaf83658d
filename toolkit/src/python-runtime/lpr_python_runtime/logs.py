"""The log: what is printed goes out at once, and `logging` writes lines as Lambda's runtimes set it up."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lpr_python_runtime.runtime_api import Report

current_request_id = ""
"""Of the invocation in hand, for the lines of the log."""

_TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_TEXT_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
_OWN_FIELDS = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "aws_request_id"}

_as_json = False


def set_up(env: Mapping[str, str]) -> None:
    """Give the root logger Lambda's handler. `AWS_LAMBDA_LOG_FORMAT` and `AWS_LAMBDA_LOG_LEVEL` say how and what."""
    global _as_json
    _as_json = env.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
    logging.Formatter.converter = time.gmtime
    handler = _LambdaHandler()
    handler.setFormatter(_JsonFormatter() if _as_json else logging.Formatter(_TEXT_FORMAT, "%Y-%m-%dT%H:%M:%S"))
    level = env.get("AWS_LAMBDA_LOG_LEVEL", "").upper().replace("TRACE", "DEBUG")
    root = logging.getLogger()
    root.addHandler(handler)
    if level in ("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"):
        root.setLevel(level)


def write(text: str) -> None:
    """Write text as it is."""
    sys.stdout.write(text)
    sys.stdout.flush()


def log_error(report: Report) -> None:
    """Log an error that Lambda is told of."""
    if _as_json:
        fields = {"timestamp": time.strftime(_TIME_FORMAT, time.gmtime()), "level": "ERROR", **report}
        write(json.dumps(fields, ensure_ascii=False) + "\n")
        return
    described = ": ".join(text for text in (report["errorType"], report["errorMessage"]) if text)
    lines = [f"[ERROR] {described}", "Traceback (most recent call last):"]
    trace = [line for entry in report["stackTrace"] for line in entry.splitlines()]
    write("\n".join([*lines, *trace]) + "\n")


class _LambdaHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        record.aws_request_id = current_request_id
        write(self.format(record))


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "timestamp": self.formatTime(record, _TIME_FORMAT),
            "level": record.levelname,
            "message": record.msg if isinstance(record.msg, dict) and not record.args else record.getMessage(),
            "logger": record.name,
            **_error_fields(record),
            "requestId": current_request_id,
            "location": f"{record.pathname}:{record.funcName}:{record.lineno}" if record.exc_info else None,
        }
        extra = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS and name not in fields}
        known = {name: value for name, value in {**fields, **extra}.items() if value is not None}
        return json.dumps(known, ensure_ascii=False, default=str) + "\n"


def _error_fields(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    error_type, error, trace = record.exc_info
    return {
        "stackTrace": traceback.format_tb(trace),
        "errorType": error_type.__name__,
        "errorMessage": str(error),
    }
