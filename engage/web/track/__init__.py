"""The asker's private page, opened by the receipt code for one question only, and everything that can be done there."""
