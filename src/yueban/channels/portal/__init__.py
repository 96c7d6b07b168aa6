"""The portal: what citizens and enterprises meet, at a computer and on a phone."""
