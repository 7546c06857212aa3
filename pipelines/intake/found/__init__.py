"""Found: what lies under ``raw/``, which of it stands still, and which file it is."""
