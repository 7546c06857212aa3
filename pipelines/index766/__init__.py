"""Bộ chỉ số 766 on what is published: drafts of definitions compared, lost points in words."""
