"""The cards of tunes: score, roll and player."""
