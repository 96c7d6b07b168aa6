"""Which enterprises a policy is for: columns of what is known of them, runs over all of them, explanations."""
