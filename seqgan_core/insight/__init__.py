"""What a trained model is made of: values of tokens, what D reads, where G drifts."""
