"""Poems and Speeches."""
