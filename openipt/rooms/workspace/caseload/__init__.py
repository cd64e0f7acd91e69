"""All courses of one therapist, most in need first; and finding one of them."""
