"""The leaders' page and the morning's list, made of what is published and nothing else."""
