"""Help beside the answer: what the OpenAPI documents promise, the observer, explanations, reports."""
