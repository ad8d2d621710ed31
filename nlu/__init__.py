"""What they meant: Rasa's data, its parts of ours, and the one client that talks to it."""
