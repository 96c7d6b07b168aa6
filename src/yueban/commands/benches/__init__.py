"""The benchmarks of `yueban bench NAME`, one module each; what they share is `commands/measuring.py`."""
