"""Figures of one run's training, and of several runs overlaid."""
