"""Melodies as scores, files and sound."""
