"""Writes believable demo data, much of it if asked to."""
