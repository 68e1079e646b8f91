"""How long each step of the experiment takes, beside the textbook way of doing it."""
