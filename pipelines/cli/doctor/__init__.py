"""``kho doctor``: a look at everything that changes nothing, and a dry run of what the night does."""

from pipelines.cli.doctor.looking import command

__all__ = ["command"]
