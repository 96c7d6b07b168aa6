"""Connections to models behind an OpenAI-compatible interface; no Django, no knowledge of what is asked."""
