"""What is told to people: letters wait here until they are delivered."""
