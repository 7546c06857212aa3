"""For engineers who change the house: skeletons of a feed, a component of 766, a rule; what is left unfinished."""
