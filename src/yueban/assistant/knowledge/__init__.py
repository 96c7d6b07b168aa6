"""What may be said: units cut from items, offers, policies, bundles, outlets and approved Q&A."""
