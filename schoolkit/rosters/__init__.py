"""Class lists (명렬표): any file with a column of names, as one table of pupils."""
