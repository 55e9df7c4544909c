"""The only module that knows the database."""
