"""What a discriminator reads: attribution, filters, scores, calibration."""
