"""Files that class systems export, and any other table, as the one table of submissions."""
