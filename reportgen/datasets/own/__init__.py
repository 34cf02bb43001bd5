"""Data sets of the user's own: read strictly, checked whole, kept decoded like the known ones."""
