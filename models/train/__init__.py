"""Training of what ships. Needs the extra `train`; nothing here is imported at run time."""
