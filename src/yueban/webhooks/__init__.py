"""Events for other systems: kept in the business transaction, read in their order, pushed until they arrive."""
