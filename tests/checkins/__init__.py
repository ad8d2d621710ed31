"""Tests of records, working hours and whose business a request is."""
