"""A teacher's Moodle, read through its web service or its pages."""
