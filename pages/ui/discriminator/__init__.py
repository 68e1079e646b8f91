"""The discriminator: what its filters read, and how it learns."""
