"""Training of what ships; nothing here is imported at run time.

Needs the extras `train` and `torch`: drawing sentences needs neither, the decision of novelty not
torch.
"""
