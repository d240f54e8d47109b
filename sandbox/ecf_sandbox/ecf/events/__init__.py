"""What schools, their induction tutors and the DfE do outside the provider API."""
