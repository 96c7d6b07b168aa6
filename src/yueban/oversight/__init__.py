"""电子监察: entries that rules raise over the work of agencies, and how a supervisor works them off."""
