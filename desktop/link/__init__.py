"""The link: the only thread with sockets; bytes in, frozen batches out."""
