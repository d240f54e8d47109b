"""Facts that the DfE publishes: cohorts, schedules with milestones, statements."""
