"""Recorded files recomputed from their raw values, by other code than that which made them."""
