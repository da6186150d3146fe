"""Duplicates, novelty and developments: a pure function over what was known before."""
