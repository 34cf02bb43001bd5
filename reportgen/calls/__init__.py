"""Calls of Keras as short texts: read, checked, counted and brought to one form, without Keras."""
