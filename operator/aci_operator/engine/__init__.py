"""The machine that runs reconcilers: store, work queue, workers, sweeps. Knows no kind."""
