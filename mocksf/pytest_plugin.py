"""The pytest plugin: fixtures and markers for suites that test against an org."""
