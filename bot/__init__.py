"""The conversation: Telegram at the edge, the ordered steps of one turn, and delivery."""
