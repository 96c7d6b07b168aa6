"""What the `yueban` command runs: one module per command, each with `add_arguments` and `run`."""
