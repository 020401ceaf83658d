"""A runtime for Python functions, with nothing but the standard library. It stands in for `awslambdaric`."""
