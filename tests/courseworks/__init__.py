"""The courseworks that come along, against the documents they were read from."""
