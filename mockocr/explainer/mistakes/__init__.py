"""The mistakes of clients, one module for each step of a signature."""
