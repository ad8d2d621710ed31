"""Tests of the words and of the checks on them."""
