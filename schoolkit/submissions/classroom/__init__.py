"""Google Classroom, read with the teacher's own log-in."""
