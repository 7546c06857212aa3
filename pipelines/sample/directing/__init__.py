"""Fees, post, documents, systems, tasks, targets, training and facilities: what is around the dossiers."""
