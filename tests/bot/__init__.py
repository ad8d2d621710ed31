"""Tests of the conversation, without Telegram and without Rasa."""
