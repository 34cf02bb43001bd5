"""experiments.toml: its schema, and reading it with every fault named by line."""
