"""Benchmarks: what the mock costs beside a bare server measured in the same run, as ratios."""
