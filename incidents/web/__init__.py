"""HTML in, HTML out."""
