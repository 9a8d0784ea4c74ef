"""What to answer: scenario files, their rules, and the decision which rule takes a call."""
