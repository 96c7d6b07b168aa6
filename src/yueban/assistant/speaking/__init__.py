"""An answer in a language model's words: it may rephrase what was found, and every sentence is checked."""
