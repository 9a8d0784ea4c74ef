"""The objects that tests use: a server and its accounts. They use the admin API only, whether the
server runs in this process or elsewhere."""
