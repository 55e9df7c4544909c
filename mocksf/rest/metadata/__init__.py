"""The Metadata API: components described, read and changed, archives deployed and retrieved."""
