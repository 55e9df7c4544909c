"""Ways in: the only rooms that wait, and the only ones that touch sockets."""
