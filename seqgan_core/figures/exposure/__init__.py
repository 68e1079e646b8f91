"""Figures of exposure bias."""
