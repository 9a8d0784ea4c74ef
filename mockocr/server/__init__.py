"""From settings to a running server: ports, connections and their limits, what is sent."""
