"""Figures of strategies."""
