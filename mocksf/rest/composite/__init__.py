"""The composite family: several operations in one call, and how they refer to each other."""
