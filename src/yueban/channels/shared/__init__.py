"""What all channels share: tokens, components, base pages, fields, and the page context."""
