"""Client of the Runtime API, https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import threading
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from lpr_python_runtime.values import to_json

Report = dict[str, Any]
"""An error as the Runtime API takes it."""


@dataclass(frozen=True)
class Invocation:
    """One invocation, as the Runtime API hands it out."""

    event: bytes
    request_id: str
    deadline_ms: int
    function_arn: str | None
    trace_id: str | None
    client_context: str | None
    identity: str | None
    tenant_id: str | None


class RuntimeApi:
    """Every call has a connection of its own: a kept one may be closed while a handler takes its time."""

    def __init__(self, address: str) -> None:
        self._address = address

    def end_with_service(self) -> None:
        """End this process when the service that started it is gone, as nobody else would."""
        host, _, port = self._address.rpartition(":")
        connection = socket.create_connection((host.strip("[]"), int(port)))
        threading.Thread(target=_end_when_closed, args=(connection,), name="lpr-runtime", daemon=True).start()

    def next(self) -> Invocation:
        """Wait for the next invocation, for as long as it takes."""
        response, body = self._call("GET", "/invocation/next")
        header = response.headers.get
        return Invocation(
            event=body,
            request_id=header("Lambda-Runtime-Aws-Request-Id", ""),
            deadline_ms=int(header("Lambda-Runtime-Deadline-Ms", "0")),
            function_arn=header("Lambda-Runtime-Invoked-Function-Arn"),
            trace_id=header("Lambda-Runtime-Trace-Id"),
            client_context=header("Lambda-Runtime-Client-Context"),
            identity=header("Lambda-Runtime-Cognito-Identity"),
            tenant_id=header("Lambda-Runtime-Aws-Tenant-Id"),
        )

    def post_response(self, invocation: Invocation, payload: bytes, content_type: str) -> None:
        """Answer an invocation."""
        self._post(f"/invocation/{invocation.request_id}/response", payload, {"Content-Type": content_type})

    def post_error(self, invocation: Invocation, report: Report) -> None:
        """Report that an invocation failed."""
        self._post_report(f"/invocation/{invocation.request_id}/error", report)

    def post_init_error(self, report: Report) -> None:
        """Report that the function cannot start."""
        self._post_report("/init/error", report)

    def _post_report(self, path: str, report: Report) -> None:
        error_type = str(report["errorType"]).encode("ascii", "replace").decode()
        headers = {
            "Content-Type": "application/vnd.aws.lambda.error+json",
            "Lambda-Runtime-Function-Error-Type": error_type,
        }
        self._post(path, to_json(report), headers)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        response, text = self._call("POST", path, body, headers)
        # The caller has been told: a response that is too large is Lambda's to report, not the function's.
        if response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            print(text.decode(errors="replace"), file=sys.stderr)
        elif response.status != HTTPStatus.ACCEPTED:
            raise RuntimeError(f"Runtime API: {response.status} {text.decode(errors='replace')}")

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(self._address)
        try:
            connection.request(method, f"/2018-06-01/runtime{path}", body, headers or {})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


def _end_when_closed(connection: socket.socket) -> None:
    try:
        connection.recv(1)
    finally:
        os._exit(1)
