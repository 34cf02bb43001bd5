"""Data sets: where they are found, how they are read, and the embedded ones."""
