"""Base maps as data: squares of the earth, files and services they come from, vector tiles; no Qt, no sockets."""
