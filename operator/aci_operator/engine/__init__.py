"""Work and time: the store of what we watched, the keyed queue, the workers. Knows no kind."""
