"""How far a generator drifts from the oracle, and how it recovers."""
