"""Synthetic exports of every feed, dirty as real ones, with an answer key."""

from pipelines.sample.generate import SampleExistsError, SampleReport, generate

__all__ = ["SampleExistsError", "SampleReport", "generate"]
