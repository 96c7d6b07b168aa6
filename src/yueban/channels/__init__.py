"""Channels: the pages and programs people and other systems meet; thin, without rules of their own."""
