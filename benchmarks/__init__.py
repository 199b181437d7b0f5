"""Measures the figures of docs/benchmarks.md: `make bench`, or `python -m benchmarks NAME ...`."""
