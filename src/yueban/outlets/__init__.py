"""Places where people are served: halls, town centres, village points, with their hours."""
