"""The only place where anything happens: sockets, sleeps and disks that carry out what flows ask for."""
