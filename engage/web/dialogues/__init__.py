"""Pages of dialogues, a file per area."""
