"""Figures of poems, speeches and music."""
