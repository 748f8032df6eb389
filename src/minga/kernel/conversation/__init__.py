"""What people say to each other about something public, and what is done when it harms."""
