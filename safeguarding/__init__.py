"""Who might be at risk: what a message says about danger, and the flags staff must look at."""
