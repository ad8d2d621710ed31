"""The outside world, played by us over real HTTP: the Bot API, Rasa, a mail server."""
