"""Who may call: keys, and the conditions under which an account's calls are answered."""
