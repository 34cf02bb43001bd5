"""Records to matplotlib figures, and the cache of drawn ones."""
