"""What the DfE publishes: contract periods, and schedules with their milestones."""
