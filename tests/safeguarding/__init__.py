"""Tests of screening and of flags."""
