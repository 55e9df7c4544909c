"""The pages that people work in: calls, dead letters, field map, settings and audit trail; rendered here, offline."""
