"""What an administrator edits while the service runs: one file for each kind of thing."""
