"""Who has not handed in what: exports and live sources, as one row per pupil and assignment."""
