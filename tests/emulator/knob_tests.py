"""Which test shows what a knob does: by the knob's number, one test for each of its values."""

from __future__ import annotations

_ACCESS = "vaults/test_access.py::"
_BUDGET = "containers/test_budget.py::"
_INSTANCE = "identities/test_instance_metadata.py::"
_IDENTITIES = "containers/test_identities.py::"
_OPEN = "containers/test_open_questions.py::"
_ROLES = "authorization/test_role_assignments.py::"
_THROTTLE = "test_throttle.py::"
_TIMELINE = "containers/test_timeline.py::"
_UPDATES = "containers/test_updates.py::"
_VAULTS = "vaults/test_vaults.py::"

KNOB_TESTS: dict[int, tuple[str, ...]] = {
    1: (_UPDATES + "test_a_put_changes_tags_as_told",) * 2,
    2: (
        _IDENTITIES + "test_a_put_without_identity_takes_it_away",
        _IDENTITIES + "test_a_put_without_identity_may_keep_it",
    ),
    3: (
        _UPDATES + "test_an_update_restarts_the_containers_once",
        _UPDATES + "test_an_update_may_answer_201",
    ),
    4: (
        "containers/test_actions.py::test_delete_answers_the_last_body",
        "containers/test_actions.py::test_delete_may_take_time",
    ),
    5: (
        "containers/test_rules.py::test_a_sound_group_breaks_no_rule",
        "containers/test_rules.py::test_windows_groups_may_be_told_to_have_no_identity",
    ),
    6: (
        _OPEN + "test_the_endpoint_may_never_answer_after_an_update",
        _INSTANCE + "test_the_endpoint_comes_up_after_the_container",
        _OPEN + "test_the_endpoint_may_never_answer_after_an_update",
    ),
    7: (
        _ROLES + "test_a_new_assignment_is_shown_whole_without_who_created_it",
        _ROLES + "test_a_new_principal_is_unknown_for_a_while",
    ),
    8: (
        _ACCESS + "test_a_role_at_the_vault_or_at_one_secret_lets_read",
        _ACCESS + "test_a_policy_change_counts_after_its_delay",
        _ROLES + "test_a_role_takes_effect_after_a_while_and_ends_at_once",
    ),
    9: (
        _BUDGET + "test_only_put_and_delete_spend_and_each_its_own",
        _BUDGET + "test_a_budget_opens_again",
        _BUDGET + "test_an_exhausted_budget_is_answered_429",
    ),
    10: (
        _THROTTLE + "test_without_buckets_nothing_is_refused",
        _THROTTLE + "test_a_bucket_of_the_documented_size_runs_dry",
        _THROTTLE + "test_a_dry_bucket_is_answered_429_with_the_seconds_to_wait",
    ),
    11: (
        "containers/test_creation.py::test_a_running_container_shows_its_state_and_events",
        _TIMELINE + "test_events_may_lag",
    ),
    12: (
        _IDENTITIES + "test_the_key_of_a_user_identity_is_echoed_as_it_was_sent",
        _OPEN + "test_the_id_of_an_identity_has_the_letter_case_told",
        _OPEN + "test_the_key_of_a_user_identity_may_be_the_identitys_own_id",
    ),
    13: (
        _UPDATES + "test_what_cannot_change_is_named_with_both_values",
        _UPDATES + "test_ports_may_be_told_not_to_change",
        _UPDATES + "test_the_number_of_containers_may_be_told_to_change",
    ),
    14: (
        _IDENTITIES + "test_a_group_whose_identity_was_deleted_answers_500",
        _IDENTITIES + "test_that_trap_can_be_switched_off",
    ),
    15: (
        _VAULTS + "test_a_new_vault_goes_by_roles_from_api_2026_02_01_on",
        _VAULTS + "test_registering_lasts_as_long_as_the_setting_says",
        "vaults/test_open_questions.py::test_new_vaults_may_go_by_policies_in_every_version",
    ),
    16: (
        _TIMELINE + "test_an_image_that_cannot_be_pulled_fails_the_group_after_half_an_hour",
        _OPEN + "test_a_start_may_be_called_failed_sooner",
    ),
    17: (
        _VAULTS + "test_a_second_put_replaces_the_whole",
        _VAULTS + "test_overlapping_writes_conflict",
    ),
    18: (_UPDATES + "test_a_secure_variable_without_its_value_is_refused",) * 2,
    19: (_OPEN + "test_init_containers_get_tokens_as_told",) * 2,
    20: (_UPDATES + "test_an_identical_put_restarts_as_told",) * 2,
}
