"""Keeping in touch: plans, rhythm and quiet hours, the silence ladder, the contact ledger, events."""
