"""Roll-outs opened: Q, its completions and its alternatives."""
