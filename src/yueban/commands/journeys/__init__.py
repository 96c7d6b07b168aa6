"""The journeys of `yueban journey NAME`, one module each; what they share is `commands/walking.py`."""
