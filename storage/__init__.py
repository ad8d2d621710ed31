"""What we keep: tables, encryption, and queries by noun. Knows nothing of the folders above it."""
