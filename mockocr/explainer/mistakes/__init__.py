"""What clients get wrong, one module for each step of the signature."""
