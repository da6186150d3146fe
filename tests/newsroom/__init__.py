"""A simulated press over HTTP on loopback: invented, deterministic, with the truth about itself."""
