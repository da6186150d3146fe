"""The archive: what Parley keeps, and the memory that duplicates and novelty are judged against."""
