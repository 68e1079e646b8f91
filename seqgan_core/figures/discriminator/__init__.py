"""Figures of the discriminator's screen."""
