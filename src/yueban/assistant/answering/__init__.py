"""From a question to an answer: understand, retrieve, gate, compose; each step a module of its name."""
