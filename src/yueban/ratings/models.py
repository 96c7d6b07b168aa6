"""好差评: services that may be rated, and the one rating of each."""
