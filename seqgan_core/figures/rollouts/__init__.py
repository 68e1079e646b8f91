"""Figures of roll-outs and Q."""
