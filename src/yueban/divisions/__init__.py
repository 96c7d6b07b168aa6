"""Administrative divisions and the working-day calendar."""
