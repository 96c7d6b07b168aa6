"""一件事: several items asked, handed in and decided together; compiled from their own compiled standards."""
