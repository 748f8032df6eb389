"""People, organisations and posts: responsibility belongs to the post."""
