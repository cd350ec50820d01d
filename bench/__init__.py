"""What `./lineside bench` runs: each path against its limit or a peer, in one run."""
