"""Policies for enterprises: documents and their clauses, offers with conditions and benefits, signed by a person."""
