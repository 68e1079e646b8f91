"""The practice corpus: a grammar that composes and checks quatrains."""
