"""Official papers of what is published: one context of figures, three forms (docx, xlsx, pdf)."""
