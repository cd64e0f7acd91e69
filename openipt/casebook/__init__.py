"""The memory: the clinical record. Operations over queries over models over sealing."""
