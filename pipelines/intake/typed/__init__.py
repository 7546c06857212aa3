"""Typed: cells of text to typed columns, with every fault told and every faulty row set apart."""
