"""One reader a format; each gives ``RawSheet`` objects and refuses what it cannot read with a reason."""
