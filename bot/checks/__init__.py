"""What `makegood check` looks at, a room for each part of an installation."""
