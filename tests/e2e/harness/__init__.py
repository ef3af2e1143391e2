"""What the end-to-end tests stand on: a private world of two btrfs disks, sshd, sudo and a user."""
