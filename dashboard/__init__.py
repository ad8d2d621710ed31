"""What staff see: server-rendered pages that work without JavaScript."""
