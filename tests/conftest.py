"""What all tests share. That this file stands here lets tests import the second implementations beside it."""
