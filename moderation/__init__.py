"""Screening of texts and the desk's cases. Knows texts; does not know citizens, agencies or HTTP."""
