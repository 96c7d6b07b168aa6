"""Background work on the same PostgreSQL: deferred inside the business transaction, run by `yueban worker`."""
