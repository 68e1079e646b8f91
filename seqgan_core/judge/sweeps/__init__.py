"""Many runs at once: plans, and the engines that train them."""
