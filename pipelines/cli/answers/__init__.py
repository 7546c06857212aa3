"""``kho answers``."""

from pipelines.cli.answers.asking import command

__all__ = ["command"]
