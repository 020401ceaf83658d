"""Turns a Lambda handler of one request into a batch handler for the lambda-parallel-router."""

from ._adapter import batch_adapter
from ._cancellation import Cancellation
from ._context import ItemContext
from ._failure import DeadlineError, Phase
from ._report import ErrorInfo, OnError

__all__ = ["Cancellation", "DeadlineError", "ErrorInfo", "ItemContext", "OnError", "Phase", "batch_adapter"]
