"""The store: keys of runs, and objects written once and verified when read."""
