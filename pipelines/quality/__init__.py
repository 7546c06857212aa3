"""Quality rules as data, their evaluation by Great Expectations, and the gate before publication."""
