"""Figures that compare methods."""
