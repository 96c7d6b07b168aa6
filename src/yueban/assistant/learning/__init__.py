"""What is learned from questions with known answers: which subject, which element, which questions not to answer."""
