# The letter, its parts, the queue and writing: listed apart from the frame.
pager_sources =
