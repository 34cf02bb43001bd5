"""What is measured, against which peers: `uv run python -m benchmarks`."""
