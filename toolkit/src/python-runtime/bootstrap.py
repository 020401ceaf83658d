"""The program that a process of a Python function runs in the local Lambda: it behaves as Lambda's own runtime."""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _set_path() -> None:
    """Look for modules where Lambda does: in the function's code, in its layers, in what the variables name.

    https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    opt = os.environ.get("LPR_OPT_DIR", "/opt")
    layers = [f"{opt}/python/lib/{version}/site-packages", f"{opt}/python"]
    # Python puts the folder of the program it runs first; that is ours, and nothing for the function to see.
    rest = [path for path in sys.path if path != _HERE]
    sys.path[:] = [os.environ["LAMBDA_TASK_ROOT"], *layers, *rest]


if __name__ == "__main__":
    from lpr_python_runtime.main import main

    _set_path()
    main()
