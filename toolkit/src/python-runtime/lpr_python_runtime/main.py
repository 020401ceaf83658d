"""Loads the handler, then takes invocations one after another."""

from __future__ import annotations

import os
import sys
from typing import Any

from lpr_python_runtime import logs
from lpr_python_runtime.context import LambdaContext
from lpr_python_runtime.errors import error_report
from lpr_python_runtime.lambda_loader import Handler, fault, load_handler
from lpr_python_runtime.runtime_api import Invocation, RuntimeApi
from lpr_python_runtime.values import from_json, to_payload

INIT_FAILED = 1


def main() -> None:
    """Serve until the process is ended."""
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    api.end_with_service()
    logs.set_up(os.environ)
    handler = _initialise(api)
    while True:
        _serve(api, handler, api.next())


def _initialise(api: RuntimeApi) -> Handler:
    try:
        return load_handler(os.environ["_HANDLER"])
    except Exception as error:
        report = error_report(error)
        logs.log_error(report)
        api.post_init_error(report)
        sys.exit(INIT_FAILED)


def _serve(api: RuntimeApi, handler: Handler, invocation: Invocation) -> None:
    logs.current_request_id = invocation.request_id
    _set_trace(invocation.trace_id)
    try:
        payload, content_type = _answer(handler, invocation)
    except Exception as error:
        report = error_report(error, invocation.request_id)
        logs.log_error(report)
        api.post_error(invocation, report)
    else:
        api.post_response(invocation, payload, content_type)


def _answer(handler: Handler, invocation: Invocation) -> tuple[bytes, str]:
    context = LambdaContext(invocation)
    try:
        event: Any = from_json(invocation.event)
    except ValueError as error:
        raise fault("UnmarshalError", f"Unable to unmarshal input: {error}") from None
    value = handler(event, context)
    try:
        return to_payload(value)
    except Exception as error:
        raise fault("MarshalError", f"Unable to marshal response: {error}") from None


def _set_trace(trace_id: str | None) -> None:
    if trace_id is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
