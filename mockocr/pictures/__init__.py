"""From the bytes of a picture to what is known of it. Pillow lives here and nowhere else."""
