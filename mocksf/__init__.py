"""mocksf."""
