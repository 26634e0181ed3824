"""The test suite; it mirrors incidents/."""
