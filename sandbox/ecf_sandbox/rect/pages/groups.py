"""The stories by what a provider does with the service, in the order of a year."""

from __future__ import annotations

from ecf_sandbox.web.ui.model import Group

GROUPS = (
    Group(
        title="The whole year",
        stories=("rect-twelve-step-overview", "rect-client-of-the-old-service"),
    ),
    Group(
        title="Partnerships and schools",
        stories=(
            "rect-interest-becomes-a-partnership",
            "rect-several-providers-at-a-school",
            "rect-schools-need-a-cohort",
            "rect-closed-cohort",
        ),
    ),
    Group(
        title="Viewing participants",
        stories=("rect-unfunded-mentor", "rect-two-records-of-one-person", "rect-updated-since-decoded-twice"),
    ),
    Group(
        title="Declaring training",
        stories=(
            "rect-evidence-and-sequence-from-2025",
            "rect-milestones-by-the-clocks-in-london",
            "rect-another-providers-declarations",
            "rect-mentor-completion",
            "rect-server-date-stands-still",
        ),
    ),
    Group(
        title="Deferring, withdrawing and coming back",
        stories=("rect-deferral-and-return", "rect-not-until-tomorrow", "rect-resumption-is-new-training"),
    ),
    Group(
        title="Changing schedule",
        stories=("rect-schedule-change-leaves-declarations", "rect-induction-passed-on-a-reduced-schedule"),
    ),
    Group(
        title="Statements, voiding and clawback",
        stories=("rect-paid-void-clawback", "rect-void-of-paid-without-a-statement"),
    ),
    Group(title="Transfers", stories=("rect-move-with-the-same-provider", "rect-transfer-to-another-provider")),
)
