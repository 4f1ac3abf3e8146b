"""Pages that a program flattened from HTML to text: its marks are taken out and its broken lines joined, with a way back."""
