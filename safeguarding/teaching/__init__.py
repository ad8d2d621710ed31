"""How the readers of danger are taught. Only developers run it; nothing that serves imports it."""
