"""Bytes from outside are read in a process of their own, which may die: ``process`` starts and watches it."""
