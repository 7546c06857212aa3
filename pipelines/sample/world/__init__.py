"""The world of the sample: its agencies, people, working days and procedures."""
