"""The commands of `kith`, by who types them, and what they share."""
