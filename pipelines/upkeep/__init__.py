"""Upkeep of a running warehouse: watching it from outside, retention, removal of a person, backup and restore."""
