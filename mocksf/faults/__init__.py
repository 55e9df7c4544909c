"""What can go wrong, one kind per file."""
