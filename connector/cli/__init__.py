"""The command lines: one module per group, each with an `app` that `connector/__main__.py` collects."""
