"""Pages of PDFs as pictures, with the words of a quote marked."""
