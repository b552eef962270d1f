"""Rules, values and words. Standard library only; whoever asks a rule brings the time along."""
