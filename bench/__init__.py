"""Benchmarks: `python -m bench`. Every figure is a ratio to a named reference in the same run."""
