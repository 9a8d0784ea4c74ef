"""What tests hold in their hands: a server and its accounts. Everything is asked of the admin API,
whether the server runs in this process or elsewhere."""
