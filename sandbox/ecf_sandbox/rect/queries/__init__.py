"""What a provider may see, filtered and ordered. Nothing here changes anything."""
