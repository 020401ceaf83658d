"""The echo function for Python with its adapter."""

from lpr_lambda_adapter import batch_adapter
from plain_app import async_handler

handler = batch_adapter(async_handler)
