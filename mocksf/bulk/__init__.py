"""Bulk jobs: what they are, the tables that they are fed with, and where an org keeps them. No HTTP, no records."""
