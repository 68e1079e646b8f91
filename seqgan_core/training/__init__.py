"""How the models learn: settings, strategies, events and the trainer (Algorithm 1)."""
