"""Decks: the heads of one matrix side by side, planned (``heads``), spaced (``pitches``), cut (``parts``)."""
