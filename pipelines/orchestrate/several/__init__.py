"""Several provinces in one deployment: names, one home, one queue, a code server a province (docs/mo_rong.md)."""
