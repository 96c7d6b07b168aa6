"""同源: proof that every channel and every level asks the same, takes the same and decides the same.

Applicants are made up from a seed, led through each channel's own pages or API in this process, and what these
show is read and compared. `reading` and `compare` know no channel; a channel joins by an entry in `channels`.
"""
