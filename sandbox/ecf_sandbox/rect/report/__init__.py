"""What the DfE asks to be tested, and what is personal."""
