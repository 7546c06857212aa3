"""Workbooks of defects, one an agency: what is wrong, where, how to mend it. The only output with personal values."""
