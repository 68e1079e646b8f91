"""How long each step of the experiment takes, compared with a textbook version."""
