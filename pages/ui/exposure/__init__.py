"""Exposure bias: how far a model drifts on its own samples."""
