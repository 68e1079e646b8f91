"""Corpora on the screens of "Create": uploads, downloads and books of tunes."""
