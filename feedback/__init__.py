"""What they tell us: scenarios, statements, themes, quotes and consent, and what came of it."""
