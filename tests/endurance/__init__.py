"""Trials of the real program that take longer than CI may: run by `make endurance`, figures in `docs/do_ben.md`."""
