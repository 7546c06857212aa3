"""Synthetic exports of every feed, dirty as real ones, with an answer key."""

from pipelines.sample.generate import SampleError, SampleReport, generate, holds_exports

__all__ = ["SampleError", "SampleReport", "generate", "holds_exports"]
