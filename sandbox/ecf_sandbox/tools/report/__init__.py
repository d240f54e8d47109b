"""What a client's suite has asked, used and broken, counted from journals and written out in several formats."""
