"""What a resident identity card says, and people invented to bear one."""
