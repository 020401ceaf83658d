"""The zero-code layer for Python: makes unchanged Lambda handlers serve batches of the lambda-parallel-router."""
