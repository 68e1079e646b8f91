"""Poems, Speeches and Music: what these screens share."""
