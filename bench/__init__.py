"""Benchmarks: `python -m bench`. Most figures are ratios to a reference in the same run."""
