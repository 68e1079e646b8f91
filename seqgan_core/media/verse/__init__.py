"""Verse: layout, readings, rhyme, files."""
