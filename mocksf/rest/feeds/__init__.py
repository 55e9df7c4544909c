"""Chatter: feeds, what is posted to them, and who posts."""
