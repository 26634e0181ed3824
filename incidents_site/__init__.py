"""The installation: settings, addresses and what surrounds every request."""
