"""Journeys: a young person's way through, over real HTTP, the trained model, a real database."""
