"""Balanced, alike or diverse groups: traits, rules, search, proof, chance, history and report."""
