"""Agencies that exercise powers, and the posts people hold in them."""
