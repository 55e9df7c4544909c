"""The verification page: one self-contained file with the claims, their evidence and their pictures."""
