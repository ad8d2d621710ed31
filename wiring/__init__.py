"""Builds the parts from the settings: the half of the composition root that `cli.py` calls."""
