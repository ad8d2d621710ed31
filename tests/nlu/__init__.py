"""Tests of the understanding: the client, and the pure parts of the pipeline."""
