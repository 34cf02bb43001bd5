"""Pure functions from records to numbers and sentences."""
