"""What everybody reads, what administrators do, and the spreadsheets they send."""
