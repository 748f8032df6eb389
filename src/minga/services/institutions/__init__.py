"""Who is the State: institutions, their posts, and who may act in them."""
