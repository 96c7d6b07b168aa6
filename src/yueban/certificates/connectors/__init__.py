"""Questions to the registers of other departments: the contract, the adapter that calls, what is kept of it."""
