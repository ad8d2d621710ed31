"""How fast and how big Kith is, beside stock Rasa in the same run (`make bench`)."""
