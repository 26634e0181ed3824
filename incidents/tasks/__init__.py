"""What the worker does: jobs that come back, each in small transactions, one worker at a time."""
