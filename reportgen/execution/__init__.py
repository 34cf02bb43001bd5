"""Running notebooks: one of them, many at once, and the warm process they are forked from."""
