"""What happens by the clock: a table of ticks, each calling a rule until nothing is left."""
