"""What to train: presets, rules between settings, time estimates, quick runs."""
