"""The stories by the workflows of the guide, in the guide's order."""

from __future__ import annotations

from ecf_sandbox.web.ui.model import Group

GROUPS = (
    Group(
        title="The whole year",
        stories=("twelve-step-overview", "future-declarations-with-server-date", "where-the-live-service-differs"),
    ),
    Group(
        title="Partnerships",
        stories=(
            "duplicate-partnership",
            "another-provider-has-the-school",
            "delivery-partner-not-recognised",
            "update-the-delivery-partner",
            "challenged-partnership-and-its-return",
            "school-led-school-becomes-provider-led",
            "school-has-not-left-last-years-provider",
            "schools-need-a-cohort",
        ),
    ),
    Group(
        title="Registering participants",
        stories=("not-yet-validated", "mentor-starting-in-2025", "ect-becomes-mentor", "school-removes-a-participant"),
    ),
    Group(
        title="Viewing participants",
        stories=(
            "delta-sync",
            "paging-through-350-participants",
            "retired-id",
            "training-and-participant-status-disagree",
            "unfunded-mentor",
        ),
    ),
    Group(
        title="Declaring training",
        stories=("evidence-from-2025", "mentor-completion", "cohort-filter-on-declarations"),
    ),
    Group(
        title="Refused declarations",
        stories=(
            "started-too-early-and-too-late",
            "retained-without-evidence",
            "duplicate-declaration",
            "wrong-course",
            "declaration-stuck-in-submitted",
        ),
    ),
    Group(
        title="Deferring, withdrawing and coming back",
        stories=("deferral-and-return", "withdrawn-before-and-after-started"),
    ),
    Group(title="Changing schedule", stories=("schedule-change-blocked", "closed-cohort-and-move-to-2024")),
    Group(title="Statements, voiding and clawback", stories=("payment-of-statements", "paid-void-clawback")),
    Group(title="Transfers", stories=("transfer-with-the-same-provider", "transfer-to-a-new-provider")),
    Group(title="Requests and tokens", stories=("tokens", "malformed-requests")),
)
