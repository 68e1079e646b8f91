"""Tunes: readers, tokens, the task and its metrics."""
