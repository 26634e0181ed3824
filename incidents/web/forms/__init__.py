"""Forms of the pages: they read what was typed, and leave judging it to the services."""
