"""``make bench``: what the portal costs, each figure beside the limit it is held to, both taken in the same run."""
