"""The handler that the exec wrapper points the Python runtime at.

Whatever goes wrong here, in the user's module above all, is raised at the runtime, which reports it as it reports every
module that cannot be loaded.
"""

from __future__ import annotations

import os

from lpr_layer.adapt import adapt
from lpr_layer.lambda_loader import load_handler
from lpr_layer.settings import read_settings

settings = read_settings(os.environ)
# The runtime has read it; to the user's code, and to libraries that show it, the function has its own handler.
os.environ["_HANDLER"] = settings.handler

handler = adapt(load_handler(settings.handler), settings.concurrency)
