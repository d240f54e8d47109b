"""What a client of one service meets that moves to the one that replaced it."""
