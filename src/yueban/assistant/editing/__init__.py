"""What editors keep for consultation: Q&A, the lexicon, gaps, feedback; who may, and what is read of it."""
