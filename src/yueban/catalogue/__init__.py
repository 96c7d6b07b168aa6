"""Service items: the published standard from which guide, form, materials, route and clocks derive."""
