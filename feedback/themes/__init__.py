"""What statements are about: a transparent reader of themes, and the examples it was taught with."""
