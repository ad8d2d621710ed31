"""The steps of one turn. `bot/conversation.py` holds their order, which is the policy."""
