"""Figures of the latency model: round trips between regions, and service times per operation, with their sources."""
