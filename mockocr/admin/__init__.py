"""What people and tools ask of the server itself."""
