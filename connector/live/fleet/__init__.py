"""A ledger in PostgreSQL that any number of connector processes share. Needs the extra `postgres`."""
