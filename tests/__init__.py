"""The tests mirror the house; `journeys` are end to end, `fakes` are the outside world."""
