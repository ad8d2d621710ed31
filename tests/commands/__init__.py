"""Tests of what staff type."""
