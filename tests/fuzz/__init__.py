"""Fuzzing of the readers that take bytes: ``make fuzz``; what was found is replayed by ``test_finds.py``."""
